import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFilter, type Filter, type PostsFrame } from '@hub/contracts';
import { aPost } from '@hub/storage/testkit';
import { Registry } from 'prom-client';
import { FeedLog } from '../feed/feed-log.ts';
import { DeliveryMetrics } from '../metrics.ts';
import type { Message } from '../socket/packets.ts';
import type { Member } from './member.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.ts';

const FRAME_INTERVAL_MS = 100;
const LANGUAGES = ['en', 'de'];

interface Written {
  cursor: string;
  id: string;
  type: string;
  language: string | null;
}

class TestMember implements Member {
  position: number;
  cursor: string;
  readonly encoding = 'plain';
  takes = true;
  hasLeft = false;
  room: Room | undefined;
  readonly frames: PostsFrame[] = [];
  readonly texts: string[] = [];
  readonly from: string;

  constructor(
    log: FeedLog,
    readonly filter: Filter,
  ) {
    this.position = log.end;
    this.cursor = this.from = log.cursor;
  }

  get events(): PostsFrame['events'] {
    return this.frames.flatMap(({ events }) => events);
  }

  send(messages: readonly Message[]): boolean {
    for (const { data } of messages) {
      const text = String(data);
      this.texts.push(text);
      this.frames.push((JSON.parse(text.slice(1)) as [string, PostsFrame])[1]);
    }
    return this.takes;
  }

  left(): void {
    this.hasLeft = true;
  }
}

/** A log that is written, and what was written. */
class Rig {
  readonly log: FeedLog;
  readonly rooms: Rooms;
  readonly stop = new AbortController();
  readonly written: Written[] = [];

  constructor(maxBytes = 10_000_000) {
    this.log = new FeedLog('c0', maxBytes);
    const metrics = new DeliveryMetrics(new Registry());
    this.rooms = new Rooms(this.log, { frameIntervalMs: FRAME_INTERVAL_MS, metrics, signal: this.stop.signal });
  }

  write(type: 'post' | 'edit' | 'delete', n: number, language: string | null = null): void {
    const post = aPost({ language, hub: { local_id: String(n) } });
    const cursor = `c${this.written.length + 1}`;
    this.written.push({ cursor, id: post.id, type, language });
    const json = JSON.stringify(type === 'delete' ? { id: post.id, uri: post.uri } : post);
    this.log.append({ entries: [{ cursor, type, json }], cursor });
  }

  join(filter: Filter): TestMember {
    const member = new TestMember(this.log, filter);
    member.room = this.rooms.join(filter, member);
    return member;
  }

  /** What a member is to have between two cursors, with what may be missing since its post was deleted soon. */
  expected({ filter, from, cursor }: TestMember): { cursor: string; type: string; isOptional: boolean }[] {
    const accepts = compileFilter(filter);
    const [first, end] = [Number(from.slice(1)), Number(cursor.slice(1))];
    return this.written.slice(first, end).flatMap(({ cursor, id, type, language }, i) => {
      const isAccepted = type === 'delete' || accepts(aPost({ language }));
      if (!isAccepted && type === 'post') return [];
      const isOptional =
        isAccepted &&
        type !== 'delete' &&
        this.written.slice(first + i).some((one) => one.type === 'delete' && one.id === id);
      return [{ cursor, type: isAccepted ? type : 'delete', isOptional }];
    });
  }
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('Rooms', () => {
  it('shows every member what came between its joining and its cursor, once and in order', () => {
    const step = fc.record({
      kind: fc.constantFrom('post', 'post', 'edit', 'delete', 'join', 'join', 'leave', 'stall', 'wait'),
      n: fc.nat(5),
      language: fc.constantFrom(...LANGUAGES),
    });
    const filter = (n: number): Filter =>
      [{}, { language: ['de'] }, { not: { language: ['de'] } }, { language: ['fr'] }][n % 4]!;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const rig = new Rig();
        const members: TestMember[] = [];
        for (const { kind, n, language } of steps) {
          const member = members[n % Math.max(1, members.length)];
          if (kind === 'post' || kind === 'edit' || kind === 'delete') rig.write(kind, n, language);
          else if (kind === 'join') members.push(rig.join(filter(n)));
          else if (kind === 'leave') member?.room?.delete(member);
          else if (kind === 'stall' && member !== undefined) member.takes = false;
          else jest.advanceTimersByTime(n * 30);
        }
        jest.advanceTimersByTime(6000);
        for (const member of members) {
          const got = member.events.map(({ cursor, type }) => ({ cursor, type }));
          const expected = rig.expected(member);
          const cursors = new Set(got.map(({ cursor }) => cursor));
          expect(got).toEqual(
            expected
              .filter((one) => !one.isOptional || cursors.has(one.cursor))
              .map(({ cursor, type }) => ({ cursor, type })),
          );
          if (member.takes && member.room !== undefined && member.frames.length > 0) {
            expect(member.frames.at(-1)!.cursor).toBe(member.cursor);
          }
        }
        rig.stop.abort();
      }),
      { numRuns: 300 },
    );
  });

  it('encodes a frame once for all members of equal filters', () => {
    const rig = new Rig();
    const one = rig.join({ language: ['en', 'de'], not: { media: ['video'], hashtag: ['a', 'b'] } });
    const other = rig.join({ not: { hashtag: ['b', 'a'], media: ['video'] }, language: ['de', 'en'] });
    jest.advanceTimersByTime(FRAME_INTERVAL_MS);
    rig.write('post', 1, 'de');
    expect(one.events).toHaveLength(1);
    expect(other.texts).toEqual(one.texts);
  });

  it('sends a lone event at once and gathers what follows for a frame interval', () => {
    const rig = new Rig();
    const member = rig.join({});
    jest.advanceTimersByTime(FRAME_INTERVAL_MS);
    for (let n = 0; n < 10; n++) rig.write('post', n);
    expect(member.events).toHaveLength(1);
    jest.advanceTimersByTime(FRAME_INTERVAL_MS);
    expect(member.frames.map(({ events }) => events.length)).toEqual([1, 9]);
  });

  it('gathers removals for a second, unless something else goes out', () => {
    const rig = new Rig();
    const member = rig.join({ language: ['de'] });
    jest.advanceTimersByTime(1000);
    for (let n = 0; n < 5; n++) rig.write('edit', n, 'en');
    expect(member.events.map(({ type }) => type)).toEqual(['delete']);
    jest.advanceTimersByTime(900);
    expect(member.events).toHaveLength(1);
    jest.advanceTimersByTime(100);
    expect(member.events).toHaveLength(5);
    rig.write('delete', 6);
    rig.write('post', 7, 'de');
    jest.advanceTimersByTime(FRAME_INTERVAL_MS);
    expect(member.events.slice(5).map(({ type }) => type)).toEqual(['delete', 'post']);
  });

  it('keeps the words of a deleted post out of the frame that waits', () => {
    const rig = new Rig();
    const member = rig.join({});
    rig.write('post', 1);
    rig.write('delete', 1);
    jest.advanceTimersByTime(1000);
    expect(member.events.map(({ type }) => type)).toEqual(['delete']);
  });

  it('sends members away that cannot pass on what they have, and all when the log drops what they have not seen', () => {
    const rig = new Rig(2000);
    const [slow, other] = [rig.join({}), rig.join({})];
    slow.takes = false;
    jest.advanceTimersByTime(FRAME_INTERVAL_MS);
    rig.write('post', 1);
    expect([slow.hasLeft, other.hasLeft]).toEqual([true, false]);
    rig.log.restart('c9');
    expect(other.hasLeft).toBe(true);
    expect(other.cursor).toBe('c1');
  });

  it('has one room, and one filter, for all who ask for the same', () => {
    const rig = new Rig();
    const [one, same, other] = [['de', 'en'], ['en', 'de'], ['fr']].map((language) => rig.join({ language }));
    expect(same?.room?.filter).toBe(one?.room?.filter);
    expect(other?.room?.filter).toEqual({ language: ['fr'] });
  });

  it('takes in nobody who has more to read', () => {
    const rig = new Rig();
    const member = new TestMember(rig.log, {});
    rig.write('post', 1);
    expect(rig.rooms.join({}, member)).toBeUndefined();
  });
});
