import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { isAllowedOrigin } from './origins.ts';

const from = (origin: string | undefined) =>
  ({ headers: { host: 'hub.example:8080', ...(origin !== undefined && { origin }) } }) as IncomingMessage;

describe('isAllowedOrigin', () => {
  it.each([
    [undefined, [], true],
    ['http://hub.example:8080', [], true],
    ['http://hub.example', [], false],
    ['https://evil.example', [], false],
    ['null', [], false],
    ['not a url', [], false],
    ['https://wall.example', ['https://wall.example'], true],
    ['https://wall.example.evil.example', ['https://wall.example'], false],
    ['https://evil.example', ['*'], true],
  ])('%s with %j: %s', (origin, allowed, expected) => {
    expect(isAllowedOrigin(from(origin), allowed)).toBe(expected);
  });
});
