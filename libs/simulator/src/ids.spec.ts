import { describe, expect, it } from '@jest/globals';
import { compareIds, idAtOrigin, Snowflakes } from './ids.ts';

describe('Snowflakes', () => {
  it('gives greater ids each time, within a millisecond too and when the clock goes back', () => {
    let now = 1_800_000_000_000;
    const ids = new Snowflakes(() => now);
    const given = [ids.next(), ids.next(), ids.next()].map(({ id }) => id);
    now -= 5_000;
    given.push(ids.next().id);
    now += 60_000;
    given.push(ids.next().id);
    expect(given).toEqual([...given].sort(compareIds));
    expect(new Set(given).size).toBe(given.length);
  });

  it('holds the time in the id as Mastodon does', () => {
    const ids = new Snowflakes(() => 1_800_000_000_000);
    expect(Number(BigInt(ids.next().id) >> 16n)).toBe(1_800_000_000_000);
  });

  it('back-dates below what was given before and never gives an id twice', () => {
    const ids = new Snowflakes(() => 1_800_000_000_000);
    const live = ids.next().id;
    const late = Array.from({ length: 1_000 }, () => ids.backdated(1_000).id);
    expect(late.every((id) => compareIds(id, live) < 0)).toBe(true);
    expect(new Set([...late, ids.backdated(0).id, live]).size).toBe(1_002);
  });

  it('goes on when a millisecond is full', () => {
    const ids = new Snowflakes(() => 1_800_000_000_000);
    const given = Array.from({ length: 40_000 }, () => ids.next().id);
    expect(new Set(given).size).toBe(40_000);
    expect(compareIds(given.at(-1) ?? '', given[0] ?? '')).toBeGreaterThan(0);
  });
});

describe('idAtOrigin', () => {
  it('is another id, and another for each', () => {
    expect(idAtOrigin('117663536396664858')).not.toBe('117663536396664858');
    expect(idAtOrigin('117663536396664858')).not.toBe(idAtOrigin('117663536396664859'));
  });
});

describe('compareIds', () => {
  it('compares numbers, not text', () => {
    expect(['10', '9', '100'].sort(compareIds)).toEqual(['9', '10', '100']);
    expect(compareIds('7', '7')).toBe(0);
  });
});
