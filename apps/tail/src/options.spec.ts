import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.ts';

describe('readOptions', () => {
  it('reads filters given as lists, repeated, or as flags', () => {
    expect(readOptions(['--language', 'en,de', '--language', 'fr', '--hashtag', '#cats', '--reply', 'false'])).toEqual({
      url: 'http://localhost:8080',
      json: false,
      filter: { language: ['en', 'de', 'fr'], hashtag: ['#cats'], reply: false },
    });
    expect(readOptions(['--json', '--media', 'image,video', '--cursor', 'c', '--url', 'https://hub.example'])).toEqual({
      url: 'https://hub.example',
      json: true,
      filter: { media: ['image', 'video'] },
      cursor: 'c',
    });
  });

  it('reads what is to be left out, and how long posts must be', () => {
    const args = ['--not-hashtag', 'nsfw,ads', '--not-media', 'video', '--min-length', '20'];
    expect(readOptions(args)).toMatchObject({
      filter: { min_length: 20, not: { hashtag: ['nsfw', 'ads'], media: ['video'] } },
    });
  });

  it('reads a token from its file', () => {
    expect(readOptions(['--token-file', 'LICENSE'])).toMatchObject({ token: expect.stringMatching(/^MIT/) });
  });

  it('knows when help is wanted', () => {
    expect(readOptions(['--json', '-h'])).toBe('help');
  });

  it.each([
    [['--langauge', 'en'], /langauge/],
    [['--sensitive', 'perhaps'], /--sensitive/],
    [['--not-media', 'hologram'], /--not-media/],
    [['--not-reply', 'true'], /not-reply/],
    [['--min-length', 'x'], /--min-length/],
    [['--url', 'nowhere'], /--url/],
    [['--token-file', '/no/such/file'], /cannot be read/],
    [['--last', '101'], /1 to 100/],
    [['--last', '5', '--cursor', 'c'], /exclude/],
    [['cats'], /cats/],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(message);
  });
});
