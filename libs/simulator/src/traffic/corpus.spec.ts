import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Status } from '../entities.ts';
import { Snowflakes } from '../ids.ts';
import { simplePost } from '../testing/simple-post.ts';
import { Corpus, readCorpus } from './corpus.ts';

const recorded = (fields: Partial<Status>): Status => {
  const id = fields.id ?? '1';
  return simplePost({ uri: `https://old.example/s/${id}`, url: `https://old.example/@ada/${id}`, ...fields }).status;
};
const corpus = (statuses: Status[]) => new Corpus(statuses, new Snowflakes(Date.now));

describe('Corpus', () => {
  it('replays in a loop, each time as a new post', () => {
    const replay = corpus([recorded({ id: '101' }), recorded({ id: '102', visibility: 'private' })]);
    const made = Array.from({ length: 5 }, () => replay.compose().status);
    expect(made.map(({ visibility }) => visibility)).toEqual(['public', 'private', 'public', 'private', 'public']);
    expect(new Set(made.map(({ id }) => id)).size).toBe(5);
    expect(made.map(({ uri, id }) => uri === `https://old.example/s/${id}`)).not.toContain(false);
    expect(made.map(({ url, id }) => url === `https://old.example/@ada/${id}`)).not.toContain(false);
    expect(Date.now() - Date.parse(made[0]?.created_at ?? '')).toBeLessThan(60_000);
  });

  it('keeps threads and boosts together under the new ids', () => {
    const first = recorded({ id: '101' });
    const replay = corpus([
      first,
      recorded({ id: '102', in_reply_to_id: '101' }),
      recorded({ id: '103', reblog: first }),
    ]);
    const [root, reply, boost] = [replay.compose(), replay.compose(), replay.compose()];
    expect(reply.status.in_reply_to_id).toBe(root.status.id);
    expect(boost.status.reblog).toBe(root.status);
    expect(root.boosts).toEqual([boost]);
  });

  it('shows nothing of a post that is not public within another', () => {
    const secret = recorded({ id: '101', visibility: 'unlisted', content: '<p>secret</p>' });
    const replay = corpus([
      recorded({ id: '102', quote: { state: 'accepted', quoted_status: secret } }),
      recorded({ id: '103', reblog: secret }),
    ]);
    expect(replay.compose().status.quote).toEqual({ state: 'unauthorized', quoted_status: null });
    expect(replay.compose().status.visibility).toBe('unlisted');
  });
});

describe('readCorpus', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'corpus-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (text: string) => {
    const path = join(folder, 'statuses.ndjson');
    writeFileSync(path, text);
    return path;
  };

  it('reads one status a line', () => {
    const lines = [recorded({ id: '101' }), recorded({ id: '102' })].map((status) => JSON.stringify(status));
    expect(readCorpus(file(`${lines.join('\n')}\n\n`)).map(({ id }) => id)).toEqual(['101', '102']);
  });

  it('says where the trouble is', () => {
    expect(() => readCorpus(file('{"id":"1","uri":"u","account":{}}\n{oops'))).toThrow(
      /statuses\.ndjson:2 is not JSON/,
    );
    expect(() => readCorpus(file('{"id":"1"}'))).toThrow(/:1 is not a status/);
    expect(() => readCorpus(file('\n'))).toThrow(/holds no statuses/);
    expect(() => readCorpus(join(folder, 'nothing'))).toThrow(/cannot be read/);
  });
});
