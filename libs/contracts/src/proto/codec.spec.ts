import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeEvent, encodeEvent, eventKey, hostOf, InvalidEventError, PostEvent, PublicPost } from './index.ts';

const post = PublicPost.fromPartial({ id: '101', uri: 'https://home.example/101', visibility: 'public' });

function anEvent(event: PostEvent['event'], changes: Partial<PostEvent> = {}): PostEvent {
  const observedAt = new Date('2026-11-01T10:00:01.123Z');
  return {
    source: 'home.example',
    localId: '101',
    observedAt,
    ingestSequence: 42,
    stream: 'public',
    event,
    ...changes,
  };
}

const created = anEvent({ $case: 'created', value: { post } });
const events: PostEvent['event'][] = [
  { $case: 'created', value: { post } },
  { $case: 'edited', value: { post } },
  { $case: 'deleted', value: { reason: 'deleted' } },
  { $case: 'gap', value: { from: new Date(1), to: new Date(2), reason: 'restarted', closedAt: new Date(3) } },
];

describe('encodeEvent', () => {
  it.each(events)('carries $$case through, as a CloudEvent', (event) => {
    const envelope = encodeEvent(anEvent(event));
    expect(envelope.key).toBe('home.example/101');
    expect(envelope.headers).toEqual({
      ce_specversion: '1.0',
      ce_id: 'home.example/42',
      ce_source: 'home.example',
      ce_type: `hubapiv1.post.${event?.$case}`,
      ce_time: '2026-11-01T10:00:01.123Z',
      'content-type': 'application/protobuf',
    });
    expect(decodeEvent(envelope, 7)).toEqual(anEvent(event));
  });

  it('gives all events of a post one key, and no two posts the same', () => {
    expect(new Set(events.map((event) => eventKey(anEvent(event)))).size).toBe(1);
    expect(eventKey({ source: 'a', localId: 'b' })).not.toBe(eventKey({ source: 'a', localId: 'c' }));
  });

  it('refuses an event that says nothing', () => {
    expect(() => encodeEvent(anEvent(undefined))).toThrow(InvalidEventError);
  });

  it('leaves out the time that is not known', () => {
    expect(encodeEvent({ ...created, observedAt: undefined }).headers).not.toHaveProperty('ce_time');
  });
});

describe('decodeEvent', () => {
  const envelope = encodeEvent(created);
  const bare = PublicPost.encode(post).finish();

  it.each([
    ['named by the key', 'other.example/101', 'other.example'],
    ['named by its URI where the key is none of ours', '12345', 'home.example'],
    ['named by its URI where there is no key', '', 'home.example'],
  ])('reads a bare post as created, its source %s', (_what, key, source) => {
    expect(decodeEvent({ key, value: bare, headers: { traceparent: 'x' } }, 7)).toEqual({
      source,
      localId: '101',
      observedAt: undefined,
      ingestSequence: 7,
      stream: '',
      event: { $case: 'created', value: { post } },
    });
  });

  it.each([
    ['of another type', { ...envelope, headers: { ce_type: 'com.example.thing' } }],
    ['whose type is not that of the event', { ...envelope, headers: { ce_type: 'hubapiv1.post.deleted' } }],
    ['that says nothing', { ...envelope, value: PostEvent.encode(PostEvent.create({ source: 'a' })).finish() }],
    ['without a source', { ...envelope, value: PostEvent.encode({ ...created, source: '' }).finish() }],
    ['cut short', { ...envelope, value: envelope.value.subarray(0, -3) }],
    ['that is a bare post without an id', { key: 'a/b', value: new Uint8Array(), headers: {} }],
    [
      'that is a bare post without key and URI',
      { key: '', value: PublicPost.encode({ ...post, uri: '' }).finish(), headers: {} },
    ],
    ['with a number that is not exact', { ...envelope, value: Buffer.from('20ffffffffffffffffff01', 'hex') }],
  ])('refuses a message %s', (_what, message) => {
    expect(() => decodeEvent(message, 0)).toThrow(InvalidEventError);
  });

  it('throws nothing else, whatever the bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.tuple(fc.nat(envelope.value.length - 1), fc.nat(255)).map(([at, byte]) => {
        const damaged = Uint8Array.from(envelope.value);
        damaged[at] = byte;
        return damaged;
      }),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom({}, envelope.headers), fc.string(), (value, headers, key) => {
        try {
          decodeEvent({ key, value, headers }, 0);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidEventError);
        }
      }),
    );
  });

  it('survives posts in posts in posts', () => {
    let value = bare;
    for (let depth = 0; depth < 20_000 && value.length < 900_000; depth++) {
      const length = [];
      for (let rest = value.length; ; rest >>>= 7) {
        if (rest < 128) {
          length.push(rest);
          break;
        }
        length.push((rest & 127) | 128);
      }
      value = Buffer.concat([Buffer.from([0x3a, ...length]), value]);
    }
    expect(() => decodeEvent({ key: 'a/1', value, headers: {} }, 0)).toThrow(InvalidEventError);
  });
});

describe('hostOf', () => {
  it.each([
    ['https://Home.Example/users/a', 'home.example'],
    ['http://localhost:3000/a', 'localhost:3000'],
    ['https://home.example:443/a', 'home.example'],
  ])('%s is %s', (uri, host) => {
    expect(hostOf(uri)).toBe(host);
  });

  it('refuses what is no URI', () => {
    expect(() => hostOf('nonsense')).toThrow(InvalidEventError);
  });
});
