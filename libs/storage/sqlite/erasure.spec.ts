import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '@hub/storage';
import { aDelete, anUpsert, aPost } from '@hub/storage/testkit';
import { openSqliteStore } from './index.ts';

const WORDS = ['quetzalcoatlus', 'zyxwvutsrqpon'];
const text = WORDS.join(' ');
let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-erase-'));
  store = await openSqliteStore({ path: join(folder, 'store.db'), retentionDays: 7 });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Files that hold a word, or most of one: an index of words leaves out what neighbours share. */
function filesWithWords(): string[] {
  const traces = WORDS.map((word) => word.slice(3));
  return readdirSync(folder).filter((name) => {
    const bytes = readFileSync(join(folder, name));
    return traces.some((trace) => bytes.includes(trace));
  });
}

/** A post among many others, so that pages are shared and words are indexed between others. */
async function storeAmongOthers(expiresAt?: number) {
  const post = (n: number, text: string) => aPost({ text, hub: { local_id: String(n) } });
  const secret = post(1000, text);
  const others = Array.from({ length: 300 }, (_, n) => anUpsert(post(n, `quet${n} zyx${n} and other words`)));
  await store.apply([...others, anUpsert(secret, expiresAt === undefined ? {} : { expiresAt })]);
  return secret;
}

describe('the files of a store', () => {
  it('hold the words of a post while it is stored', async () => {
    await storeAmongOthers();
    expect(filesWithWords()).not.toEqual([]);
  });

  it('hold no word of a deleted post', async () => {
    const secret = await storeAmongOthers();
    await store.apply([aDelete(secret)]);
    await store.prune(new Date());
    expect(filesWithWords()).toEqual([]);
  });

  it('hold no word of a superseded version', async () => {
    const secret = await storeAmongOthers();
    const edit = aPost({ text: 'mild words', edited_at: '2026-11-02T00:00:00.000Z', hub: { local_id: '1000' } });
    expect(await store.apply([anUpsert({ ...edit, uri: secret.uri }, { edited: true })])).toEqual(['edited']);
    await store.prune(new Date());
    expect(filesWithWords()).toEqual([]);
  });

  it('hold no word of an expired post', async () => {
    const expiresAt = Date.now() + 1_000;
    await storeAmongOthers(expiresAt);
    expect(await store.prune(new Date(expiresAt))).toBe(1);
    expect(filesWithWords()).toEqual([]);
  });
});
