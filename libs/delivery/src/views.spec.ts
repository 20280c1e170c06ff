import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFilter, type Cursor, type Filter, type Post } from '@hub/contracts';
import { aDelete, aGap, anUpsert, aPost } from '@hub/storage/testkit';
import type { DeliveryOptions } from './delivery.options.ts';
import { openTestStore, startGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { byGrpc, bySocket, bySse } from '../../../test/support/pausable-readers.ts';
import { ReturningReader } from '../../../test/support/returning-reader.ts';
import { freePort } from '../../../test/servers/server-process.ts';

const LANGUAGES = ['en', 'de', 'fr'];
const FILTERS: Filter[] = [
  {},
  { language: ['en'] },
  { language: ['de', 'fr'] },
  { keyword: ['cats'] },
  { min_length: 30 },
];
const TEXTS = ['cats', 'dogs', 'cats and dogs and long words too'];
const POSTS = 6;
/** More than a connection that nobody reads takes in. */
const FLOOD = 36;
/** What deflates to little would be taken in. */
const WIDE = randomBytes(165_000).toString('base64');
/** No session begins later than this: on a busy machine there are fewer. */
const ENOUGH_MS = 25_000;
type Patience = Pick<DeliveryOptions, 'logBytes' | 'stallTimeoutMs'>;
/** Who does not read is sent away soon, and finds in memory only the newest. */
const IMPATIENT: Patience = { logBytes: 500_000, stallTimeoutMs: 150 };
/** Who does not read lags, and finds all in memory. */
const PATIENT: Patience = { logBytes: 16_000_000, stallTimeoutMs: 20_000 };
/** Readers lag at once. */
const TIGHT = { frameIntervalMs: 2, clientBufferBytes: 2000, drainMs: 0 };

/** What was done to the store, and who reads it. */
class Session {
  readonly changes: { id: string; post: Post | undefined }[] = [];
  /** The position before the first change, and after each. */
  readonly cursors: Cursor[] = [];
  #edits = 0;
  /** Posts of floods: each is written once, so that none can be left out unseen. */
  floods = 1000;

  constructor(
    readonly source: string,
    readonly options: Partial<DeliveryOptions>,
    public gateway: TestGateway,
  ) {}

  post(n: number, language: number, text: string, fields: { content?: string; edited_at?: string } = {}): Post {
    return aPost({
      text,
      language: LANGUAGES[language]!,
      ...fields,
      hub: { source: this.source, local_id: String(n) },
    });
  }

  async write(n: number, language: number, text: string, content?: string): Promise<void> {
    const edit = ++this.#edits;
    const isKnown = this.changes.some(({ id }) => id === this.post(n, 0, '').id);
    const edited = isKnown ? { edited_at: new Date(Date.UTC(2026, 10, 2) + edit * 1000).toISOString() } : {};
    const post = this.post(n, language, `${text} ${edit}`, { ...edited, ...(content !== undefined && { content }) });
    const [outcome] = await this.gateway.store.apply([anUpsert(post, { edited: isKnown })]);
    if (outcome === 'created' || outcome === 'edited') await this.#note({ id: post.id, post });
  }

  async remove(post: Post): Promise<void> {
    const [outcome] = await this.gateway.store.apply([aDelete(post)]);
    if (outcome === 'deleted') await this.#note({ id: post.id, post: undefined });
  }

  async end(): Promise<void> {
    await this.gateway.store.apply([aGap({ source: this.source })]);
    this.cursors.push(await this.gateway.store.head());
  }

  async restart(): Promise<void> {
    const { store, port } = this.gateway;
    await this.gateway.stop();
    this.gateway = await startGateway(store, this.options, port);
  }

  /** The text of a post that a reader is left with. */
  expected({ filters }: ReturningReader, id: string): string | undefined {
    const at = this.changes.findLastIndex((change) => change.id === id);
    const post = this.changes[at]?.post;
    if (post === undefined) return undefined;
    const holding = filters.findLast(({ after }, i) => {
      const begin = this.cursors.indexOf(after);
      // Whoever went back behind the change later got it by the later filter.
      return begin <= at && !filters.slice(i + 1).some((later) => this.cursors.indexOf(later.after) <= at);
    });
    return holding !== undefined && compileFilter(holding.filter)(post) ? post.hub.text : undefined;
  }

  async #note(change: { id: string; post: Post | undefined }): Promise<void> {
    this.changes.push(change);
    this.cursors.push(await this.gateway.store.head());
  }
}

const step = fc.record({
  kind: fc.constantFrom(
    'write',
    'write',
    'write',
    'write',
    'remove',
    'flood',
    'flurry',
    'filter',
    'filter',
    'drop',
    'drop all',
    'restart',
    'pause',
    'pause',
    'resume',
    'a while',
  ),
  n: fc.nat(POSTS - 1),
  language: fc.nat(LANGUAGES.length - 1),
  text: fc.constantFrom(...TEXTS),
  filter: fc.constantFrom(...FILTERS),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function perform(
  session: Session,
  readers: ReturningReader[],
  { kind, n, language, text, filter }: Step,
): Promise<void> {
  const reader = readers[n % readers.length]!;
  if (kind === 'write') await session.write(n, language, text);
  else if (kind === 'remove') await session.remove(session.post(n, 0, ''));
  else if (kind === 'flood') {
    for (let i = 0; i < FLOOD; i++) await session.write(++session.floods, language, text, WIDE);
  } else if (kind === 'flurry') {
    for (let i = 0; i < 4 * POSTS; i++) await session.write((n + i) % POSTS, language, text);
  } else if (kind === 'filter') reader.change(filter);
  else if (kind === 'drop') reader.drop();
  else if (kind === 'drop all') session.gateway.dropConnections();
  else if (kind === 'restart') await session.restart();
  else if (kind === 'pause') reader.pause();
  else if (kind === 'resume') reader.resume();
  else await delay(IMPATIENT.stallTimeoutMs * 1.5);
}

const aStep = (kind: Step['kind'], n = 0): Step => ({
  kind,
  n,
  language: 1,
  text: 'cats',
  filter: { language: ['de'] },
});
const each = (kind: Step['kind']): Step[] => [0, 1, 2, 3].map((n) => aStep(kind, n));

/** Readers are left unread, sent away, and come back. */
const slow: [Step[], Filter[], Patience] = [
  [
    ...each('pause'),
    aStep('flood'),
    aStep('filter'),
    aStep('a while'),
    aStep('write', 1),
    ...each('resume'),
    aStep('flood', 1),
    aStep('restart'),
    aStep('write', 2),
  ],
  [{}, {}, { language: ['de', 'fr'] }, { keyword: ['cats'] }],
  IMPATIENT,
];
/** Readers are left unread and read on in time: of many versions they get the last. */
const lagging: [Step[], Filter[], Patience] = [
  [...each('pause'), aStep('flood'), aStep('flurry'), ...each('resume'), aStep('write', 2)],
  [{}, {}, {}, {}],
  PATIENT,
];

describe('readers of all kinds', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  beforeAll(async () => void (opened = await openTestStore()));
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });

  let sessions = 0;
  let started = 0;
  const counts = { lagging_total: 0, slow_disconnects_total: 0 };
  async function count({ registry }: TestGateway): Promise<void> {
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
      const { values } = await registry.getSingleMetric(`hub_delivery_${name}`)!.get();
      for (const { value } of values) counts[name] += value;
    }
  }

  async function run(steps: readonly Step[], filters: readonly Filter[], patience: Patience): Promise<void> {
    if (performance.now() - started > ENOUGH_MS) return;
    const grpc = { host: '127.0.0.1', port: await freePort() };
    const options = { ...TIGHT, ...patience, grpc };
    const gateway = await startGateway(opened, options);
    const session = new Session(`v${++sessions}.example`, options, gateway);
    const { port } = gateway;
    const kinds = [bySocket(port), bySocket(port, true), bySse(port), byGrpc(grpc.port)];
    const start = await opened.head();
    session.cursors.push(start);
    const readers = kinds.map((open, i) => new ReturningReader(open, start, filters[i]!, session.source));
    try {
      await Promise.all(readers.map(({ begun }) => begun.promise));
      for (const one of steps) {
        if (one.kind === 'restart') await count(session.gateway);
        await perform(session, readers, one);
      }
      for (const reader of readers) reader.resume();
      await session.end();
      await Promise.all(readers.map(({ done }) => done.promise));
      for (const reader of readers) check(session, reader);
    } finally {
      for (const reader of readers) reader.close();
      await count(session.gateway);
      await session.gateway.stop();
    }
  }

  function check(session: Session, reader: ReturningReader): void {
    const order = reader.cursors.map((cursor) => session.cursors.indexOf(cursor));
    expect(order).toEqual([...new Set(order)].toSorted((a, b) => a - b));
    const ids = [...new Set(session.changes.map(({ id }) => id))];
    expect(ids.map((id) => reader.view.get(id))).toEqual(ids.map((id) => session.expected(reader, id)));
  }

  it("are left with the model's view, whatever is written, changed, dropped, restarted or left unread", async () => {
    const steps = fc.array(step, { minLength: 5, maxLength: 40 });
    const filters = fc.array(fc.constantFrom(...FILTERS), { minLength: 4, maxLength: 4 });
    started = performance.now();
    await fc.assert(fc.asyncProperty(steps, filters, fc.constantFrom(IMPATIENT, PATIENT), run), {
      numRuns: 12,
      examples: [slow, lagging],
    });
    expect(counts.lagging_total).toBeGreaterThan(0);
    expect(counts.slow_disconnects_total).toBeGreaterThan(0);
  }, 240_000);
});
