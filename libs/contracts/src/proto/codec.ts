import { HubError } from '../errors.ts';
import { PostEvent } from './gen/hubapiv1/post_event.ts';
import { PublicPost } from './gen/hubapiv1/public_post.ts';

/** An event on its way: what a broker's message or a PubSubGenericMessage carries. */
export interface Envelope {
  key: string;
  value: Uint8Array;
  /** CloudEvents context attributes in binary mode, prefixed `ce_`; no others are needed. */
  headers: Record<string, string>;
}

const TYPE_PREFIX = 'hubapiv1.post.';
const CONTENT_TYPE = 'application/protobuf';

/** A value that is no event. Never worth a retry. */
export class InvalidEventError extends HubError {
  constructor(message: string, options?: ErrorOptions) {
    super('invalid_event', message, options);
  }
}

/** Keeps the events of one post in order within a partition or ordering key. */
export function eventKey(event: Pick<PostEvent, 'source' | 'localId'>): string {
  return `${event.source}/${event.localId}`;
}

/** CloudEvents 1.0 in binary mode, the value a serialized PostEvent. */
export function encodeEvent(event: PostEvent): Envelope {
  if (event.event === undefined) throw new InvalidEventError('the event says nothing: created, edited, deleted or gap');
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: `${event.source}/${event.ingestSequence}`,
    ce_source: event.source,
    ce_type: TYPE_PREFIX + event.event.$case,
    'content-type': CONTENT_TYPE,
  };
  if (event.observedAt !== undefined) headers['ce_time'] = event.observedAt.toISOString();
  return { key: eventKey(event), value: PostEvent.encode(event).finish(), headers };
}

/**
 * Reads an event. A value without `ce_type` is a serialized PublicPost that was created, as the original system's;
 * its source is read from the key, and its sequence is `fallbackSequence`.
 */
export function decodeEvent({ key, value, headers }: Envelope, fallbackSequence: number): PostEvent {
  const type = headers['ce_type'];
  if (type === undefined) return decodeBarePost(key, value, fallbackSequence);
  if (!type.startsWith(TYPE_PREFIX)) throw new InvalidEventError('the message is of another CloudEvents type');
  const event = decode(() => PostEvent.decode(value));
  if (event.event === undefined) throw new InvalidEventError('the event says nothing: created, edited, deleted or gap');
  if (TYPE_PREFIX + event.event.$case !== type) throw new InvalidEventError('ce_type does not match the event');
  if (event.source === '') throw new InvalidEventError('the event names no source');
  return event;
}

function decodeBarePost(key: string, value: Uint8Array, ingestSequence: number): PostEvent {
  const post = decode(() => PublicPost.decode(value));
  if (post.id === '') throw new InvalidEventError('the value is neither a PostEvent nor a PublicPost with an id');
  const slash = key.indexOf('/');
  const source = slash > 0 ? key.slice(0, slash) : hostOf(post.uri);
  return {
    source,
    localId: post.id,
    observedAt: undefined,
    ingestSequence,
    stream: '',
    event: { $case: 'created', value: { post } },
  };
}

function decode<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new InvalidEventError('the value is not readable as protobuf', { cause });
  }
}

/** Host of a URI, with the port where it is not the default. */
export function hostOf(uri: string): string {
  if (!URL.canParse(uri)) throw new InvalidEventError('the post has no usable URI');
  return new URL(uri).host;
}
