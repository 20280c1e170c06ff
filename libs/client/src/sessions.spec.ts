import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFilter, type Filter, type Post } from '@hub/contracts';
import { aDelete, anUpsert, aPost } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { connectHub, type HubClient } from './hub-client.ts';
import type { HubEvent } from './hub-event.ts';
import type { HubSubscription } from './hub-subscription.ts';

const LANGUAGES = ['en', 'de', 'fr'];
const FILTERS: Filter[] = [
  {},
  { language: ['en'] },
  { language: ['de', 'fr'] },
  { not: { language: ['de'] } },
  { keyword: ['cats'], not: { hashtag: ['ads'] } },
  { min_length: 12 },
];
const TEXTS = ['cats', 'cats and dogs', 'dogs'];
const READERS = 3;
const POSTS = 6;
/** So little is kept in memory, and so little may wait, that readers lag, read the log, and replay from the store. */
const TIGHT = { frameIntervalMs: 2, logBytes: 20_000, clientBufferBytes: 2000 };

/** A change of the store, in its order; `post` is none for a deletion. */
interface Change {
  id: string;
  post: Post | undefined;
}

/** A client with a filter that may change, which reads as fast as it is let. */
class Reader {
  readonly view = new Map<string, Post>();
  readonly cursors: string[] = [];
  readonly filters: { filter: Filter; received: number; sureFrom: number }[];
  #gate: PromiseWithResolvers<void> | undefined;
  readonly done: Promise<void>;

  constructor(
    readonly subscription: HubSubscription,
    readonly last: { id: string },
  ) {
    this.filters = [{ filter: subscription.filter, received: 0, sureFrom: 0 }];
    this.done = subscription.forEach((event) => this.#take(event));
  }

  hold(): void {
    this.#gate ??= Promise.withResolvers();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  async #take(event: HubEvent): Promise<void> {
    await this.#gate?.promise;
    this.cursors.push(event.cursor);
    if (event.type === 'delete') this.view.delete(event.data.id);
    else if (event.type !== 'gap') this.view.set(event.data.id, event.data);
    if (event.type === 'delete' && event.data.id === this.last.id) this.subscription.close();
  }
}

/** A store, a gateway that may go and come, and what was done. */
class Session {
  readonly changes: Change[] = [];
  readonly cursors: string[] = [];
  readonly readers: Reader[] = [];
  readonly last: Post;
  #edits = 0;

  constructor(
    readonly source: string,
    public gateway: TestGateway,
    readonly hub: HubClient,
  ) {
    this.last = this.post(999, 0, 'last');
  }

  post(n: number, language: number, text: string, edited_at: string | null = null): Post {
    const tags = n % 2 === 0 ? [{ name: 'ads', url: '' }] : [];
    return aPost({
      text,
      language: LANGUAGES[language]!,
      edited_at,
      tags,
      hub: { source: this.source, local_id: String(n) },
    });
  }

  async write(n: number, language: number, text: string): Promise<void> {
    const second = String(++this.#edits).padStart(6, '0');
    const isKnown = this.changes.some(({ id }) => id === this.post(n, 0, '').id);
    const edited_at = isKnown ? new Date(Date.UTC(2026, 10, 2) + Number(second) * 1000).toISOString() : null;
    const post = this.post(n, language, text, edited_at);
    const [outcome] = await this.gateway.store.apply([anUpsert(post, { edited: isKnown })]);
    if (outcome === 'created' || outcome === 'edited') await this.#note({ id: post.id, post });
  }

  async remove(post: Post): Promise<void> {
    const [outcome] = await this.gateway.store.apply([aDelete(post)]);
    if (outcome === 'deleted') await this.#note({ id: post.id, post: undefined });
  }

  async restart(): Promise<void> {
    const { store, port } = this.gateway;
    await this.gateway.stop();
    this.gateway = await startGateway(store, TIGHT, port);
  }

  change(reader: Reader, filter: Filter): void {
    const received = this.cursors.indexOf(reader.cursors.at(-1) ?? '') + 1;
    const entry = { filter, received, sureFrom: Infinity };
    reader.filters.push(entry);
    void reader.subscription.updateFilter(filter).then(() => (entry.sureFrom = this.changes.length));
  }

  /** What a reader may be left with of a post: it depends on which filter the last change of the post met. */
  allowed(reader: Reader, id: string): (Post | undefined)[] {
    const at = this.changes.findLastIndex((change) => change.id === id);
    const post = this.changes[at]?.post;
    if (post === undefined) return [undefined];
    const { filters } = reader;
    const possible = filters.filter(({ received }, i) => {
      const replacedFrom = filters.slice(i + 1).reduce((least, { sureFrom }) => Math.min(least, sureFrom), Infinity);
      return at >= received && at < replacedFrom;
    });
    return possible.map(({ filter }) => (compileFilter(filter)(post) ? post : undefined));
  }

  async #note(change: Change): Promise<void> {
    this.changes.push(change);
    this.cursors.push(await this.gateway.store.head());
  }
}

const step = fc.record({
  kind: fc.constantFrom('write', 'write', 'write', 'write', 'remove', 'filter', 'drop', 'restart', 'hold', 'release'),
  n: fc.nat(POSTS - 1),
  language: fc.nat(LANGUAGES.length - 1),
  text: fc.constantFrom(...TEXTS),
  filter: fc.constantFrom(...FILTERS),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function perform(session: Session, { kind, n, language, text, filter }: Step): Promise<void> {
  const reader = session.readers[n % READERS]!;
  if (kind === 'write') await session.write(n, language, text);
  else if (kind === 'remove') await session.remove(session.post(n, 0, ''));
  else if (kind === 'filter') session.change(reader, filter);
  else if (kind === 'drop') session.gateway.dropConnections();
  else if (kind === 'restart') await session.restart();
  else if (kind === 'hold') reader.hold();
  else reader.release();
}

describe('sessions of clients', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  beforeAll(async () => void (opened = await openTestStore()));
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });

  let sessions = 0;
  async function run(steps: readonly Step[], filters: readonly Filter[]): Promise<void> {
    const gateway = await startGateway(opened, TIGHT);
    const hub = connectHub(gateway.url, { maxQueued: 5 });
    const session = new Session(`s${++sessions}.example`, gateway, hub);
    try {
      await opened.apply([anUpsert(session.last)]);
      const cursor = await opened.head();
      for (const filter of filters) {
        session.readers.push(new Reader(hub.subscribe({ filter, cursor, waitForHub: true }), session.last));
      }
      for (const one of steps) await perform(session, one);
      for (const reader of session.readers) reader.release();
      await session.remove(session.last);
      await Promise.all(session.readers.map(({ done }) => done));
      for (const reader of session.readers) check(session, reader);
    } finally {
      hub.close();
      await session.gateway.stop();
    }
  }

  function check(session: Session, reader: Reader): void {
    const order = reader.cursors.map((cursor) => session.cursors.indexOf(cursor));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(order.length);
    for (const { id } of session.changes) {
      expect(session.allowed(reader, id)).toContainEqual(reader.view.get(id));
    }
  }

  it("leave each client's view as the model's, whatever is written, changed, dropped, restarted or read slowly", async () => {
    const steps = fc.array(step, { minLength: 5, maxLength: 40 });
    const filters = fc.array(fc.constantFrom(...FILTERS), { minLength: READERS, maxLength: READERS });
    await fc.assert(fc.asyncProperty(steps, filters, run), { numRuns: 12, endOnFailure: true });
  }, 240_000);
});
