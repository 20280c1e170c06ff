import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Filter } from '@hub/contracts';
import { keyQuery } from './page-query.ts';
import { openStoreDatabase } from './schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-plan-'));
const db = openStoreDatabase(join(folder, 'store.db'), false);

afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

function plan(filter: Filter, oldest = false): string[] {
  const query = keyQuery(filter, oldest);
  if (query === undefined) throw new Error('the filter can match nothing');
  const values = { ...query.values, before: 2, after: 0, now: 1, limit: 1 };
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${query.sql}`).all(values);
  return rows.map(({ detail }) => String(detail));
}

const ONE_FIELD: Filter[] = [
  { language: ['en', 'pt-BR'] },
  { hashtag: ['cats', 'dogs', '猫'] },
  { instance: ['a.example'] },
  { account: ['ada@a.example'] },
  { mention: ['bob@b.example'] },
  { keyword: ['cat', 'two words'] },
];
const ALL_FIELDS: Filter = Object.assign({}, ...ONE_FIELD);
const FLAGS: Filter = { media: ['image'], reply: false, sensitive: true, bot: true, min_length: 5 };
const NOT: Filter = { not: { ...ALL_FIELDS, media: ['video'] } };

describe('the SQL of a filter', () => {
  it.each([...ONE_FIELD, FLAGS, NOT, {}, { ...ALL_FIELDS, ...FLAGS, ...NOT }])(
    'walks an index, newest first or oldest first: %j',
    (filter) => {
      const steps = [...plan(filter), ...plan(filter, true)];
      // Virtual tables are always said to be scanned; search by its index of words, the values of a filter in memory.
      const scans = steps.filter(
        (step) => step.startsWith('SCAN') && !/^SCAN (search|phrase|json_each) VIRTUAL TABLE/.test(step),
      );
      expect(scans).toEqual([]);
      expect(steps.filter((step) => /TEMP B-TREE/.test(step))).toEqual([]);
    },
  );

  it('merges one walk for each value', () => {
    const steps = plan({ hashtag: ['a', 'b', 'c'] });
    expect(
      steps.filter((step) => step.startsWith('SEARCH t USING PRIMARY KEY (term=? AND post>? AND post<?)')),
    ).toHaveLength(3);
  });

  it('is driven by the field whose values name the fewest posts', () => {
    expect(plan(ALL_FIELDS)[0]).toContain('SEARCH t USING PRIMARY KEY');
    expect(keyQuery(ALL_FIELDS)?.values).toMatchObject({ term0: 'a:ada@a.example' });
    expect(keyQuery({ language: ['en'], keyword: ['cat'] })?.values).toMatchObject({ phrases: '"cat"' });
  });

  it('looks a phrase up by key when another field drives', () => {
    const steps = plan({ hashtag: ['cats'], keyword: ['cat'] });
    expect(steps.find((step) => step.startsWith('SCAN search'))).toMatch(/VIRTUAL TABLE INDEX 0:=$/);
  });

  it('knows what can match nothing', () => {
    expect(keyQuery({ keyword: ['!!!', '🐈'] })).toBeUndefined();
    expect(keyQuery({ hashtag: [] })).toBeUndefined();
  });

  it('leaves no way out of a quoted phrase', () => {
    expect(keyQuery({ keyword: ['"a" OR "b"', 'x*'] })?.values['phrases']).toBe('"a or b" OR "x"');
  });
});
