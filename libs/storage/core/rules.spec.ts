import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { embedded, aPost } from '@hub/storage/testkit';
import { asFirstSeen, rank, rule, withoutQuoted, type StoredVersion } from './rules.ts';

interface Seen {
  edited: boolean;
  version: { at: number; sequence: number };
  fingerprint: string;
}

/** What a store is left with after it has seen the versions. */
function settled(versions: readonly Seen[]): StoredVersion | undefined {
  let stored: StoredVersion | undefined;
  for (const seen of versions) {
    const ruling = stored === undefined ? 'replace' : rule(stored, seen);
    const { at } = seen.version;
    if (ruling === 'replace') stored = { at, sequence: rank(seen), fingerprint: seen.fingerprint };
    else if (ruling === 'advance' && stored !== undefined) stored = { ...stored, sequence: rank(seen) };
  }
  return stored;
}

const edits = fc.array(fc.record({ at: fc.nat(2), fingerprint: fc.constantFrom<string>('a', 'b', 'c') }), {
  maxLength: 6,
});
const versions = fc.tuple(edits, fc.subarray([0, 1, 2], { minLength: 1 })).map(([edits, times]) => {
  const seen = edits.map(({ at, fingerprint }, sequence) => ({ edited: true, version: { at, sequence }, fingerprint }));
  // First sights of one time say the same, whichever server tells them.
  return seen.concat(times.map((at) => ({ edited: false, version: { at, sequence: 99 }, fingerprint: 'first' })));
});
const twoOrders = versions.chain((all) =>
  fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
);

describe('rule', () => {
  it('comes to the same in every order', () => {
    fc.assert(fc.property(twoOrders, ([told, arrived]) => expect(settled(arrived)).toEqual(settled(told))));
  });

  it('lets the later edit of one time win, first sights never', () => {
    const stored = { at: 5, sequence: 3, fingerprint: 'a' };
    const change = (edited: boolean, at: number, sequence: number, fingerprint = 'b') =>
      rule(stored, { edited, version: { at, sequence }, fingerprint });
    expect(change(true, 5, 4)).toBe('replace');
    expect(change(true, 5, 4, 'a')).toBe('advance');
    expect(change(true, 5, 3)).toBe('stale');
    expect(change(false, 5, 4)).toBe('stale');
    expect(change(true, 4, 9)).toBe('stale');
    expect(change(false, 6, 1)).toBe('replace');
  });
});

describe('asFirstSeen', () => {
  it('keeps the identity and leaves a version of the same source as it is', () => {
    const first = aPost();
    const newer = aPost({ text: 'new', in_reply_to_id: '5' });
    expect(asFirstSeen(first, { ...newer, id: 'other' })).toEqual(newer);
  });
});

describe('withoutQuoted', () => {
  const gone = aPost({ uri: 'https://a.example/gone' });
  const accepted = { state: 'accepted', quoted_status: embedded(gone), quoted_status_id: '1' };
  const deleted = { state: 'deleted', quoted_status: null, quoted_status_id: null };

  it('takes a quoted post out wherever it stands', () => {
    const quoting = aPost({ quote: accepted });
    expect(withoutQuoted(quoting, new Set([gone.uri]))).toEqual({ ...quoting, quote: deleted });
    const boost = aPost({ reblog: embedded(quoting) });
    expect(withoutQuoted(boost, new Set([gone.uri])).reblog?.quote).toEqual(deleted);
    const outer = aPost({ quote: { ...accepted, quoted_status: embedded(quoting) } });
    expect(withoutQuoted(outer, new Set([gone.uri])).quote?.quoted_status?.quote).toEqual(deleted);
  });

  it('returns the same post if it quotes none of them', () => {
    const quoting = aPost({ quote: accepted });
    expect(withoutQuoted(quoting, new Set(['https://a.example/other']))).toBe(quoting);
    const pending = aPost({ quote: { state: 'pending', quoted_status: null, quoted_status_id: '1' } });
    expect(withoutQuoted(pending, new Set([gone.uri]))).toBe(pending);
  });
});
