import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PublicPost, type PostEvent } from '@hub/contracts/proto';
import { assess, CONSENT_MODES, gate, type ConsentMode } from './policy.ts';

type Changes = Parameters<typeof PublicPost.fromPartial>[0];

const aPost = (changes: Changes = {}) =>
  PublicPost.fromPartial({ id: '1', visibility: 'public', account: {}, ...changes });
const NOT_PUBLIC = ['unlisted', 'private', 'direct', 'local', 'mutuals_only', '', 'Public', ' public', 'public '];

function event($case: 'created' | 'edited', post: PublicPost | undefined): PostEvent {
  const observedAt = undefined;
  return { source: 'a', localId: '1', observedAt, ingestSequence: 1, stream: '', event: { $case, value: { post } } };
}

/** The post that passed the gate. */
function passed(post: PublicPost, consent: ConsentMode = 'default'): PublicPost {
  const result = gate(event('created', post), consent);
  if (!result.pass || result.event.event?.$case !== 'created') throw new Error('did not pass');
  return result.event.event.value.post!;
}

describe('visibility', () => {
  it.each(NOT_PUBLIC)('%j is not public, whatever the consent', (visibility) => {
    for (const consent of CONSENT_MODES) {
      const hidden = aPost({ visibility });
      expect(assess(hidden, consent)).toEqual({ allowed: false, reason: 'not_public' });
      expect(gate(event('created', hidden), consent)).toEqual({ pass: false, reason: 'not_public' });
      expect(assess(aPost({ reblog: hidden }), consent)).toEqual({ allowed: false, reason: 'not_public' });
      expect(passed(aPost({ quote: { state: 'accepted', quotedStatus: hidden } }), consent).quote).toEqual({
        state: 'unauthorized',
        quotedStatus: undefined,
        quotedStatusId: '',
      });
    }
  });
});

describe('consent', () => {
  const fresh = { searchable: true, trendable: true };
  const cases: [string, Changes['account'], Record<ConsentMode, object | string>][] = [
    ['says nothing', {}, { default: fresh, strict: fresh, off: fresh }],
    [
      'agrees to all',
      { indexable: true, discoverable: true, noindex: false },
      { default: fresh, strict: fresh, off: fresh },
    ],
    ['has noindex', { noindex: true }, { default: 'noindex', strict: 'noindex', off: fresh }],
    ['has a tag', { note: '#nobot' }, { default: 'opt_out_tag', strict: 'opt_out_tag', off: fresh }],
    [
      'does not want to be searched',
      { indexable: false },
      { default: { searchable: false, trendable: true }, strict: 'not_indexable', off: fresh },
    ],
    [
      'does not want to be featured',
      { discoverable: false },
      { default: { searchable: true, trendable: false }, strict: 'not_discoverable', off: fresh },
    ],
  ];
  const rows = cases.flatMap(([what, account, by]) =>
    CONSENT_MODES.map((consent) => ({ what, account, consent, expected: by[consent] })),
  );

  it.each(rows)('$consent: who $what', ({ account, consent, expected }) => {
    const assessment =
      typeof expected === 'string' ? { allowed: false, reason: expected } : { allowed: true, ...expected };
    expect(assess(aPost({ account }), consent)).toEqual(assessment);
    // The boosted one counts as much as the booster.
    expect(assess(aPost({ reblog: aPost({ account }) }), consent)).toEqual(assessment);
    expect(assess(aPost({ account, reblog: aPost() }), consent)).toEqual(assessment);
  });
});

describe('gate', () => {
  it('turns an edit that may not be shown into a removal without a word of it', () => {
    const result = gate(event('edited', aPost({ visibility: 'private', content: 'secret' })), 'default');
    expect(result).toMatchObject({
      pass: true,
      event: { event: { $case: 'deleted', value: { reason: 'withdrawn' } } },
    });
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it('passes on what carries no post, and leaves what may be shown as it is', () => {
    const deleted: PostEvent = { ...event('created', undefined), event: { $case: 'deleted', value: { reason: 'x' } } };
    for (const e of [deleted, event('created', undefined), event('edited', aPost())]) {
      const result = gate(e, 'strict');
      expect(result.pass && result.event).toBe(e);
    }
  });

  it('takes out quotes of boosted and of quoted posts, and changes nothing that it was given', () => {
    const secret = aPost({ visibility: 'private', content: 'secret' });
    const quoting = aPost({ quote: { state: 'accepted', quotedStatus: secret } });
    const post = aPost({ reblog: quoting, quote: { state: 'accepted', quotedStatus: quoting } });
    const before = structuredClone(post);
    const after = passed(post);
    expect(JSON.stringify(after)).not.toContain('secret');
    expect(after.reblog).toBeDefined();
    expect(after.quote?.quotedStatus).toBeDefined();
    expect(post).toEqual(before);
  });

  it('lets nothing through that is not public, however it is embedded', () => {
    const { post } = fc.letrec<{ post: PublicPost }>((tie) => {
      const maybe = fc.option(tie('post'), { nil: undefined, depthSize: 'small' });
      const visibility = fc.constantFrom('public', 'public', 'public', ...NOT_PUBLIC);
      return {
        post: fc.tuple(visibility, maybe, maybe).map(([visibility, reblog, quotedStatus]) => {
          const content = visibility === 'public' ? '' : 'SECRET';
          return aPost({ visibility, content, reblog, quote: quotedStatus && { state: 'accepted', quotedStatus } });
        }),
      };
    });
    fc.assert(
      fc.property(
        post,
        fc.constantFrom('created', 'edited'),
        fc.constantFrom(...CONSENT_MODES),
        (post, kind, consent) => {
          expect(JSON.stringify(gate(event(kind, post), consent))).not.toContain('SECRET');
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
