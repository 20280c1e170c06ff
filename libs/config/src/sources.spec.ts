import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, readEnv, toConfig } from './index.ts';

const sourcesOf = (env: Record<string, string>) => toConfig('hub', readEnv(env)).sources;

function problemOf(value: string): string {
  try {
    sourcesOf({ MASTODON_SOURCES: value });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('MASTODON_SOURCES', () => {
  it('stands beside the single server, whose variables go on working', () => {
    const several = JSON.stringify([
      { server: 'b.example', stream: 'public:local', accessToken: 't2' },
      { server: 'http://localhost:3000', stream: 'hashtag:cats' },
      { server: 'b.example' },
    ]);
    expect(sourcesOf({ MASTODON_SERVER: 'a.example', MASTODON_ACCESS_TOKEN: 't1', MASTODON_SOURCES: several })).toEqual(
      [
        { server: 'https://a.example', stream: 'public', accessToken: 't1' },
        { server: 'https://b.example', stream: 'public:local', accessToken: 't2' },
        { server: 'http://localhost:3000', stream: 'hashtag:cats' },
        { server: 'https://b.example', stream: 'public' },
      ],
    );
  });

  it('may be a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sources-'));
    const path = join(folder, 'sources.json');
    writeFileSync(path, '\n[{"server": "a.example"}]\n');
    expect(sourcesOf({ MASTODON_SOURCES: path })).toEqual([{ server: 'https://a.example', stream: 'public' }]);
    rmSync(folder, { recursive: true });
    expect(problemOf(path)).toContain('path of a file that can be read');
  });

  it('names every entry that is wrong and what it accepts', () => {
    const message = problemOf(
      JSON.stringify([{ server: 'a.example', stream: 'home' }, { stream: 'public' }, 7, { server: 'b.example', x: 1 }]),
    );
    expect(message).toContain('MASTODON_SOURCES: entry 1 (a.example): stream accepts public, public:local');
    expect(message).toContain('entry 2: server accepts a host name');
    expect(message).toContain('entry 3 is no object');
    expect(message).toContain('entry 4 (b.example) has a field that is not known; accepts server, stream, accessToken');
  });

  it.each([
    ['a token of the wrong kind', '[{"server":"a.example","accessToken":["s3cret"]}]'],
    ['a misspelt field', '[{"server":"a.example","acess_token":"s3cret"}]'],
    ['broken JSON', '[{"server":"a.example","accessToken":"s3cret"'],
    ['no array', '{"server":"a.example","accessToken":"s3cret"}'],
    ['a token in the place of a path', 's3cret'],
    ['a token in the place of a stream', '[{"server":"a.example","stream":"s3cret"}]'],
    ['the same twice', '[{"server":"a.example","accessToken":"s3cret"},{"server":"A.example"}]'],
  ])('tells of %s, and shows no token', (_what, value) => {
    const message = problemOf(value);
    expect(message).toContain('MASTODON_SOURCES: ');
    expect(message).not.toContain('s3cret');
  });
});
