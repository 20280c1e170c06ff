import type { v1 } from '@google-cloud/pubsub';
import { HubError } from '@hub/contracts';
import type { Envelope } from '@hub/contracts/proto';
import type { Delivery } from '@hub/messaging';

export type Message = v1.protos.google.pubsub.v1.IPubsubMessage;

/** Pub/Sub's limits. A request holds 10 MB in all; a little of it is for what is around the messages. */
export const MAX_REQUEST_BYTES = 9_900_000;
export const MAX_REQUEST_MESSAGES = 1_000;
const MAX_KEY_BYTES = 1_024;
export const MAX_ATTRIBUTES = 100;
const MAX_NAME_BYTES = 256;
export const MAX_ATTRIBUTE_BYTES = 1_024;
/** Attributes whose names begin so are Google's. */
export const RESERVED_PREFIX = 'goog';

/** A message and about how much of a request it takes. */
export interface Sized {
  message: Message;
  bytes: number;
}

/** The key is the ordering key, headers are attributes. Throws HubErrors for what Pub/Sub cannot carry. */
export function toMessage({ key, value, headers }: Envelope): Sized {
  const attributes = Object.entries(headers);
  const bytes = attributes
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text) + 4, value.byteLength + Buffer.byteLength(key) + 32);
  if (bytes > MAX_REQUEST_BYTES) {
    throw new HubError('payload_too_large', 'A message on Pub/Sub may have 10 MB at most.');
  }
  const fault = faultOf(key, attributes, value.byteLength);
  if (fault !== undefined) throw new HubError('bad_request', `Pub/Sub cannot carry a message ${fault}.`);
  return { message: { data: value, attributes: headers, orderingKey: key }, bytes };
}

function faultOf(key: string, attributes: readonly [string, string][], valueBytes: number): string | undefined {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return `with a key of more than ${MAX_KEY_BYTES} bytes`;
  if (attributes.length > MAX_ATTRIBUTES) return `with more than ${MAX_ATTRIBUTES} headers`;
  if (attributes.length === 0 && valueBytes === 0) return 'without headers and without a value';
  for (const [name, text] of attributes) {
    if (name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES) return 'with a header whose name is empty or too long';
    if (name.startsWith(RESERVED_PREFIX)) return `with a header whose name begins with "${RESERVED_PREFIX}"`;
    if (Buffer.byteLength(text) > MAX_ATTRIBUTE_BYTES) return `with a header of more than ${MAX_ATTRIBUTE_BYTES} bytes`;
  }
  return undefined;
}

/** What a message was before it was published, whoever published it. */
export function toEnvelope({ orderingKey, data, attributes }: Message): Envelope {
  const value = typeof data === 'string' ? Buffer.from(data, 'base64') : (data ?? new Uint8Array());
  return { key: orderingKey ?? '', value, headers: attributes ?? {} };
}

export function toDelivery(topic: string, message: Message): Delivery {
  const micros = microsOf(message.publishTime);
  return {
    ...toEnvelope(message),
    origin: `${topic}/${message.messageId ?? ''}`,
    // The time at which Pub/Sub took it: messages of a key are delivered in that order.
    sequence: micros,
    publishedAt: new Date(micros / 1000),
    attempt: 1,
  };
}

function microsOf(time: Message['publishTime']): number {
  return Number(time?.seconds ?? 0) * 1e6 + Math.floor((time?.nanos ?? 0) / 1000);
}
