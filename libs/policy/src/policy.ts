import type { PostEvent, PublicPost } from '@hub/contracts/proto';
import type { BlockReason } from './blocklist.ts';
import { optsOut } from './opt-out.ts';

/**
 * default: who opted out is left out; who did not opt in to search or trends is kept from those alone. strict: who
 * declined any of it is left out. off: everything public, for one's own server. What a server does not say counts as yes.
 */
export const CONSENT_MODES = ['default', 'strict', 'off'] as const;
export type ConsentMode = (typeof CONSENT_MODES)[number];

/** Why a post may not be carried: stable words, used as metric labels. */
export type RefusalReason =
  'not_public' | 'noindex' | 'opt_out_tag' | 'not_indexable' | 'not_discoverable' | 'bot' | BlockReason;

/** Whom an operator leaves out besides: why this post itself, not what it embeds, is refused. */
export type Excluder = (post: PublicPost) => RefusalReason | undefined;
const nobody: Excluder = () => undefined;

export type Assessment =
  | { allowed: false; reason: RefusalReason }
  | {
      allowed: true;
      /** May be found by search; if not, it is also kept no longer than 24 h. */
      searchable: boolean;
      /** May count in trends. */
      trendable: boolean;
    };

/** Applies visibility and consent to a post and to what it embeds. */
export function assess(post: PublicPost, consent: ConsentMode, excluded = nobody): Assessment {
  if (post.visibility !== 'public') return { allowed: false, reason: 'not_public' };
  const refusal = refusalByAuthor(post, consent) ?? excluded(post);
  if (refusal !== undefined) return { allowed: false, reason: refusal };
  if (post.reblog !== undefined) return assessBoost(post, post.reblog, consent, excluded);
  return { allowed: true, ...permissions(post, consent) };
}

function assessBoost(boost: PublicPost, boosted: PublicPost, consent: ConsentMode, excluded: Excluder): Assessment {
  const inner = assess(boosted, consent, excluded);
  if (!inner.allowed) return inner;
  const outer = permissions(boost, consent);
  return {
    allowed: true,
    searchable: inner.searchable && outer.searchable,
    trendable: inner.trendable && outer.trendable,
  };
}

function refusalByAuthor({ account }: PublicPost, consent: ConsentMode): RefusalReason | undefined {
  if (account === undefined || consent === 'off') return undefined;
  if (account.noindex === true) return 'noindex';
  if (optsOut(account)) return 'opt_out_tag';
  if (consent === 'strict' && account.indexable === false) return 'not_indexable';
  if (consent === 'strict' && account.discoverable === false) return 'not_discoverable';
  return undefined;
}

function permissions({ account }: PublicPost, consent: ConsentMode): { searchable: boolean; trendable: boolean } {
  if (consent === 'off') return { searchable: true, trendable: true };
  return { searchable: account?.indexable !== false, trendable: account?.discoverable !== false };
}

export type GateResult = { pass: true; event: PostEvent } | { pass: false; reason: RefusalReason };

/**
 * What of an event may go on. A created post that may not be shown stops here; an edit that made one so becomes the
 * removal of what was shown before. A quoted post that may not be shown is taken out of the post that quotes it.
 */
export function gate(event: PostEvent, consent: ConsentMode, excluded = nobody): GateResult {
  if (event.event?.$case !== 'created' && event.event?.$case !== 'edited') return { pass: true, event };
  const { post } = event.event.value;
  if (post === undefined) return { pass: true, event };
  const assessment = assess(post, consent, excluded);
  if (assessment.allowed) return { pass: true, event: withPost(event, withoutRefusedQuotes(post, consent, excluded)) };
  if (event.event.$case === 'created') return { pass: false, reason: assessment.reason };
  return { pass: true, event: { ...event, event: { $case: 'deleted', value: { reason: 'withdrawn' } } } };
}

function withPost(event: PostEvent, post: PublicPost): PostEvent {
  if (event.event?.$case !== 'created' && event.event?.$case !== 'edited') return event;
  if (event.event.value.post === post) return event;
  return { ...event, event: { $case: event.event.$case, value: { post } } };
}

function withoutRefusedQuotes(post: PublicPost, consent: ConsentMode, excluded: Excluder): PublicPost {
  const reblog = post.reblog && withoutRefusedQuotes(post.reblog, consent, excluded);
  const quote = post.quote && checkedQuote(post.quote, consent, excluded);
  return reblog === post.reblog && quote === post.quote ? post : { ...post, reblog, quote };
}

function checkedQuote(
  quote: NonNullable<PublicPost['quote']>,
  consent: ConsentMode,
  excluded: Excluder,
): NonNullable<PublicPost['quote']> {
  const quoted = quote.quotedStatus;
  if (quoted === undefined) return quote;
  if (!assess(quoted, consent, excluded).allowed)
    return { state: 'unauthorized', quotedStatus: undefined, quotedStatusId: '' };
  const checked = withoutRefusedQuotes(quoted, consent, excluded);
  return checked === quoted ? quote : { ...quote, quotedStatus: checked };
}
