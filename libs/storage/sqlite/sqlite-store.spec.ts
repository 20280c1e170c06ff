import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Filter } from '@hub/contracts';
import { openDatabase } from '@hub/sqlite';
import { aDelete, aGap, anUpsert, aPost } from '@hub/storage/testkit';
import { openSqliteStore } from './index.ts';

const DAY_MS = 86_400_000;
const TIMEOUT_MS = 30_000;
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-store-'));
  path = join(folder, 'store.db');
});

afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openSqliteStore({ path, retentionDays: 7 });
const upserts = (count: number, first = 0) =>
  Array.from({ length: count }, (_, i) =>
    anUpsert(aPost({ text: `post ${i} ${'word '.repeat(200)}`, hub: { local_id: String(first + i) } })),
  );

describe('openSqliteStore', () => {
  it('refuses data of a newer version', async () => {
    const migrations = Array<string>(99).fill('');
    openDatabase({ path, applicationId: 0x48756253, migrations }).close();
    await expect(open()).rejects.toMatchObject({ code: 'data_version' });
  });

  it('takes over data of format 1, with what filters ask for now', async () => {
    const store = await open();
    const [short, long] = [
      aPost({ text: '🐈🐈' }),
      aPost({ text: 'three', hub: { local_id: '2', searchable: false } }),
    ];
    await store.apply([anUpsert(short), anUpsert(long)]);
    await store.close();
    const db = new DatabaseSync(path);
    db.exec(
      'ALTER TABLE posts DROP COLUMN length; ALTER TABLE posts DROP COLUMN searchable; DROP TABLE sightings; PRAGMA user_version = 1',
    );
    db.close();
    const migrated = await open();
    const found = async (filter: Filter) => (await migrated.page({ filter, limit: 9 })).posts.map(({ id }) => id);
    expect(await found({ min_length: 3 })).toEqual([long.id]);
    expect(await found({ min_length: 2, not: { keyword: ['word'] } })).toEqual([short.id]);
    await migrated.close();
  });

  it('refuses what is no store', async () => {
    writeFileSync(path, 'x'.repeat(10_000));
    await expect(open()).rejects.toMatchObject({ code: 'data_corrupt' });
    openDatabase({ path: join(folder, 'other.db'), applicationId: 7, migrations: ['CREATE TABLE t (a)'] }).close();
    await expect(openSqliteStore({ path: join(folder, 'other.db'), retentionDays: 7 })).rejects.toMatchObject({
      code: 'data_corrupt',
    });
  });
});

describe('an open store', () => {
  it('tells whoever missed a deletion or a gap that was pruned', async () => {
    const store = await open();
    for (const change of [aDelete(aPost()), aGap()]) {
      await store.apply([anUpsert(aPost())]);
      const start = await store.head();
      await store.apply([change]);
      const oldest = await store.head();
      await store.prune(new Date(Date.now() + 8 * DAY_MS));
      const late = store.watch({ from: start, signal: new AbortController().signal })[Symbol.asyncIterator]().next();
      await expect(late).rejects.toMatchObject({ code: 'cursor_too_old', oldest });
    }
    await store.close();
  });

  it('tells its watchers when it is closed', async () => {
    const store = await open();
    const waiting = store.watch({ signal: new AbortController().signal })[Symbol.asyncIterator]().next();
    const told = expect(waiting).rejects.toMatchObject({ code: 'shutting_down' });
    await store.head();
    await store.close();
    await told;
  });

  it(
    'applies while it prunes',
    async () => {
      const store = await open();
      await store.apply(upserts(400));
      const order: string[] = [];
      const pruned = store.prune(new Date(Date.now() + 8 * DAY_MS)).then((posts) => order.push(`pruned ${posts}`));
      await store.apply(upserts(1, 2_000)).then(() => order.push('applied'));
      await pruned;
      expect(order[0]).toBe('applied');
      expect(order[1]).toMatch(/^pruned 40[01]$/);
      await store.close();
    },
    TIMEOUT_MS,
  );

  it(
    'uses the space of what it pruned again',
    async () => {
      const store = await open();
      const fill = async (first: number) => {
        await store.apply(upserts(200, first));
        await store.prune(new Date(Date.now() + 8 * DAY_MS));
        return statSync(path).size;
      };
      const once = await fill(0);
      await fill(200);
      expect(await fill(400)).toBeLessThan(once * 1.2);
      await store.close();
    },
    TIMEOUT_MS,
  );
});
