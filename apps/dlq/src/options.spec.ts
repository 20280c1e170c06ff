import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.ts';

describe('readOptions', () => {
  it.each([
    [['list'], { command: 'list', json: false }],
    [['list', '--json'], { command: 'list', json: true }],
    [['show', '7'], { command: 'show', id: '7', json: false }],
    [['replay', '7', '8'], { command: 'replay', ids: ['7', '8'], json: false }],
    [['replay', '--all'], { command: 'replay', ids: 'all', json: false }],
    [[], { command: 'help' }],
    [['list', '-h'], { command: 'help' }],
  ])('%j', (args, options) => expect(readOptions(args)).toEqual(options));

  it.each([
    [['burn'], 'burn is no command'],
    [['list', '7'], 'no further words'],
    [['list', '--all'], '--all goes with replay'],
    [['show'], 'one id'],
    [['show', '7', '8'], 'one id'],
    [['replay'], 'or --all'],
    [['replay', '7', '--all'], 'or --all'],
    [['list', '--jsn'], '--jsn'],
  ])('%j: %s', (args, message) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(message);
  });
});
