import type { Gap, Post, PostRemoval } from '@hub/contracts';
import { FeedEventMessage, SubscribeResponseMessage } from '@hub/contracts/proto';
import type { EventBytes } from '../feed/view.ts';

/** Times, among the names that end so; `last_status_at` is a day. */
const TIME = /^(?!last_status_at$)\w+_at$/;

/** An event is encoded once for all who get it. */
const encoded = new WeakMap<EventBytes, Uint8Array>();

/** A response with these events, serialized: messages of protobuf add up when they are put one after another. */
export function encodeResponse(events: readonly EventBytes[], cursor: string): Buffer {
  const end = SubscribeResponseMessage.encode({ cursor, events: [] }).finish();
  return Buffer.concat([...events.map(encodeEvent), end]);
}

export function encodeWaiting(ahead: number): Buffer {
  return Buffer.from(SubscribeResponseMessage.encode({ cursor: '', events: [], waitingBehind: ahead }).finish());
}

function encodeEvent(event: EventBytes): Uint8Array {
  const known = encoded.get(event);
  if (known !== undefined) return known;
  const message = { cursor: event.cursor, event: toEvent(event) };
  const bytes = SubscribeResponseMessage.encode({ cursor: '', events: [message] }).finish();
  encoded.set(event, bytes);
  return bytes;
}

function toEvent({ type, json }: EventBytes): FeedEventMessage['event'] {
  const data: unknown = JSON.parse(json.toString());
  switch (type) {
    case 'post':
    case 'edit':
      return { $case: type, value: toPost(data as Post) };
    case 'delete':
      return { $case: 'removal', value: data as PostRemoval };
    case 'gap': {
      const { from, to, closed_at: closedAt, ...gap } = data as Gap;
      const closed = closedAt === undefined ? undefined : new Date(closedAt);
      return { $case: 'gap', value: { ...gap, since: new Date(from), until: new Date(to), closedAt: closed } };
    }
  }
}

type PostMessage = Extract<FeedEventMessage['event'], { $case: 'post' }>['value'];

/** The messages have the names and shapes of the JSON, in another style. */
function toPost({ hub, ...post }: Post): PostMessage {
  const { event } = FeedEventMessage.fromPartial({
    event: { $case: 'post', value: { post: restyled(post), facts: restyled(hub) } },
  });
  if (event?.$case !== 'post') throw new TypeError('a post is a post');
  return event.value;
}

/** snake_case → camelCase, times as dates, and nothing for null: in all that it holds. */
function restyled(value: object): object {
  const fields = Object.entries(value as Record<string, unknown>).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [camelCase(name), restyledField(name, field)]));
}

function restyledField(name: string, field: unknown): unknown {
  if (typeof field === 'string' && TIME.test(name)) return new Date(field);
  if (Array.isArray(field)) return field.map((one: unknown) => restyledField('', one));
  return typeof field === 'object' && field !== null ? restyled(field) : field;
}

function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
