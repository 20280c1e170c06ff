import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PostEvent, PublicPost, PublishResponse, PubSubGenericMessage, PubSubPublishResponse } from './index.ts';

interface Vectors {
  vectors: { name: string; message: string; json: Record<string, unknown>; hex: string }[];
}

/** What the messages have in common, as far as these specs need it. */
interface Codec {
  encode(message: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
  complete(partial: object): unknown;
}

const codec = <T>(type: {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
  fromPartial(partial: object): T;
}): Codec => ({
  encode: (message) => type.encode(message as T).finish(),
  decode: (bytes) => type.decode(bytes),
  complete: (partial) => type.fromPartial(partial),
});

const codecs: Record<string, Codec> = {
  'hubapiv1.PublicPost': codec(PublicPost),
  'hubapiv1.PostEvent': codec(PostEvent),
  'hubapiv1.PubSubGenericMessage': codec(PubSubGenericMessage),
  'hubapiv1.PubSubPublishResponse': codec(PubSubPublishResponse),
  'hubapiv1.PublishResponse': codec(PublishResponse),
};

const file = new URL('../../../../test/vectors/messages.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const NUMBERS = /^(?:\w+Count|width|height|bitrate|ingestSequence)$/;
const KINDS = new Set(['created', 'edited', 'deleted', 'gap']);

/** Protobuf's standard JSON in the form of our generated types: dates, numbers, bytes and the one union. */
function ours(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => ours(item, key));
  if (typeof value === 'string' && key === 'bytes') return Buffer.from(value, 'base64');
  if (typeof value === 'string' && TIME.test(value)) return new Date(value);
  if (typeof value === 'string' && NUMBERS.test(key)) return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      KINDS.has(name) ? ['event', { $case: name, value: ours(inner) }] : [name, ours(inner, name)],
    ),
  );
}

function expected({ message, json }: Vectors['vectors'][number]): unknown {
  const bytes = (text: unknown) => (typeof text === 'string' ? Buffer.from(text, 'base64') : Buffer.alloc(0));
  const read = ours(json) as object;
  if (message !== 'hubapiv1.PubSubGenericMessage') return codecs[message]!.complete(read);
  return codecs[message]!.complete({ ...read, key: bytes(json['key']), value: bytes(json['value']) });
}

describe('golden bytes', () => {
  it.each(vectors)('$name', (vector) => {
    const { message, hex } = vector;
    const bytes = Buffer.from(hex, 'hex');
    const decoded = codecs[message]!.decode(bytes);
    expect(decoded).toEqual(expected(vector));
    expect(Buffer.from(codecs[message]!.encode(decoded)).toString('hex')).toBe(hex);
    expect(Buffer.from(codecs[message]!.encode(expected(vector))).toString('hex')).toBe(hex);
  });

  it('say something in every field of a post', () => {
    const unset = (value: unknown, path: string): string[] => {
      if (value === undefined || value === '' || value === 0) return [path];
      if (Array.isArray(value)) return value.length === 0 ? [path] : unset(value[0], `${path}[]`);
      if (typeof value !== 'object' || value === null || value instanceof Date) return [];
      return Object.entries(value).flatMap(([name, inner]) => unset(inner, `${path}.${name}`));
    };
    const full = PublicPost.decode(Buffer.from(vectors[0]!.hex, 'hex'));
    const { reblog, quote, account, ...others } = full;
    const { moved, source, ...owner } = account!;
    expect([reblog, quote, moved, source].every((part) => part !== undefined)).toBe(true);
    expect([...unset(others, 'post'), ...unset(owner, 'account')]).toEqual([]);
  });
});
