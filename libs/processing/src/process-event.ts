import type { Gap, Post } from '@hub/contracts';
import { InvalidEventError, type PostEvent, type PublicPost, type StreamGap } from '@hub/contracts/proto';
import { assess, gate, type ConsentMode, type Excluder, type RefusalReason } from '@hub/policy';
import type { Change, UpsertChange } from '@hub/storage';
import { checkPost, validTime } from './checks.ts';
import { cleanPost } from './clean/post.ts';
import { readFacts } from './facts/facts.ts';
import { fingerprint, postId, references, versionOf } from './identity.ts';
import { toPost } from './json/to-post.ts';

/** What becomes of an event: a change for the store, or a refusal for privacy's sake. */
export type Processed = { kind: 'change'; change: Change } | { kind: 'refused'; reason: RefusalReason };

/** How long a post is kept whose author does not allow search, in milliseconds. */
const UNSEARCHABLE_KEPT = 24 * 60 * 60 * 1000;

/**
 * All that the processor knows how to do with an event, with no effect on anything. The event's own observation time
 * stands for now; without one, the post's creation does. Throws InvalidEventError and nothing else.
 */
export function processEvent(event: PostEvent, consent: ConsentMode, excluded?: Excluder): Processed {
  checkEvent(event);
  const gated = gate(event, consent, excluded);
  if (!gated.pass) return { kind: 'refused', reason: gated.reason };
  return { kind: 'change', change: toChange(gated.event, consent) };
}

export type Prepared = { kind: 'post'; post: PublicPost } | { kind: 'refused'; reason: RefusalReason };

/** The post of an event as the hub would show it. Throws InvalidEventError, also for an event without a post. */
export function preparePost(event: PostEvent, consent: ConsentMode, excluded?: Excluder): Prepared {
  checkEvent(event);
  if (event.event?.$case !== 'created' && event.event?.$case !== 'edited') {
    throw new InvalidEventError('the event carries no post');
  }
  // As created: an edit that may not be shown is refused here, not turned into a removal.
  const created = { ...event, event: { $case: 'created' as const, value: event.event.value } };
  const gated = gate(created, consent, excluded);
  if (!gated.pass) return { kind: 'refused', reason: gated.reason };
  const post = gated.event.event?.$case === 'created' ? gated.event.event.value.post : undefined;
  if (post === undefined) throw new InvalidEventError('the event carries no post');
  return { kind: 'post', post: cleanPost(post, event.source) };
}

function checkEvent({ source, localId, event }: PostEvent): void {
  if (source === '' || source.length > 255) throw new InvalidEventError('the event names no source');
  if (event?.$case !== 'gap' && (localId === '' || localId.length > 255)) {
    throw new InvalidEventError('the event has no usable local id');
  }
  if (event?.$case !== 'created' && event?.$case !== 'edited') return;
  const { post } = event.value;
  if (post === undefined) throw new InvalidEventError('the event carries no post');
  checkPost(post);
  if (post.id !== localId) throw new InvalidEventError('the event and its post have different ids');
}

function toChange(event: PostEvent, consent: ConsentMode): Change {
  const { source, localId } = event;
  switch (event.event?.$case) {
    case 'created':
    case 'edited':
      return toUpsert(event, event.event.value.post, event.event.$case === 'edited', consent);
    case 'deleted':
      return { kind: 'delete', source, localId };
    case 'gap':
      return { kind: 'gap', gap: toGap(event, event.event.value) };
    default:
      throw new InvalidEventError('the event says nothing: created, edited, deleted or gap');
  }
}

function toGap({ source, stream }: PostEvent, { from, to, reason, closedAt }: StreamGap): Gap {
  const [start, end, closed] = [validTime(from), validTime(to), validTime(closedAt)];
  if (start === undefined || end === undefined || end < start)
    throw new InvalidEventError('the gap is no span of time');
  if (!/^[a-z_]{1,64}$/.test(reason)) throw new InvalidEventError('the gap has no reason');
  return {
    source,
    stream,
    from: new Date(start).toISOString(),
    to: new Date(end).toISOString(),
    reason,
    ...(closed !== undefined && { closed_at: new Date(closed).toISOString() }),
  };
}

function toUpsert(event: PostEvent, post: PublicPost | undefined, edited: boolean, consent: ConsentMode): UpsertChange {
  const created = validTime(post?.createdAt);
  if (post === undefined || created === undefined) throw new InvalidEventError('the event carries no post');
  const assessment = assess(post, consent);
  const searchable = assessment.allowed && assessment.searchable;
  const trendable = assessment.allowed && assessment.trendable;
  const { source, localId } = event;
  const observed = validTime(event.observedAt) ?? created;
  const clean = cleanPost(post, source);
  // Into the object that is there: another one by spread would be slow to make and to encode.
  const json: Post = Object.assign(toPost(clean), {
    id: postId(created, post.uri),
    hub: readFacts(clean, { source, localId, observedAt: new Date(observed), searchable, trendable }),
  });
  return {
    kind: 'upsert',
    source,
    localId,
    post: json,
    version: versionOf(post, event.ingestSequence),
    edited,
    fingerprint: fingerprint(json),
    references: references(clean),
    ...(!searchable && { expiresAt: observed + UNSEARCHABLE_KEPT }),
  };
}
