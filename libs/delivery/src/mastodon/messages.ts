import type { Post, PostRemoval } from '@hub/contracts';
import type { EventBytes } from '../feed/view.ts';
import { toMastodonId } from './ids.ts';

const EVENTS = { post: 'update', edit: 'status.update', delete: 'delete', gap: undefined } as const;

/** An event as Mastodon's streaming API has it. */
export interface Message {
  event: NonNullable<(typeof EVENTS)[EventBytes['type']]>;
  /** JSON of a status, or an id. */
  payload: string;
}

/** An event is put in their form once for all who get it. */
const known = new WeakMap<EventBytes, Message>();

/** A post has the names and shapes of a status; `hub` is one field more. */
export function toStatus(post: Post): Post {
  return { ...post, id: toMastodonId(post.id) };
}

/** Gaps have no form there. */
export function toMessages(events: readonly EventBytes[]): Message[] {
  return events.flatMap((event) => {
    const message = known.get(event) ?? toMessage(event);
    if (message === undefined) return [];
    known.set(event, message);
    return message;
  });
}

function toMessage({ type, json }: EventBytes): Message | undefined {
  const event = EVENTS[type];
  if (event === undefined) return undefined;
  if (event === 'delete') return { event, payload: toMastodonId((JSON.parse(json.toString()) as PostRemoval).id) };
  return { event, payload: JSON.stringify(toStatus(JSON.parse(json.toString()) as Post)) };
}
