import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import type { Post } from '@hub/contracts';
import type { Store } from '@hub/storage';
import { aDelete, aGap, anUpsert, aPost, type PostFields } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../../test/support/gateway.ts';
import { listen } from '../../../../test/support/listen.ts';

jest.setTimeout(30_000);

/** One store serves all tests here: each has a source of its own. */
let source = '';
const post = (n: number, fields: PostFields = {}): Post =>
  aPost({ text: `post ${n}`, ...fields, hub: { source, local_id: String(n), ...fields.hub } });
const gap = () => aGap({ source });
const edited = (original: Post, fields: Partial<Post>) =>
  anUpsert({ ...original, edited_at: '2026-11-01T13:00:00.000Z', ...fields }, { edited: true });
const store = (to: Store, ...posts: Post[]) => to.apply(posts.map((one) => anUpsert(one)));
const id = (one: { data: { id: string } }) => one.data.id;

describe('the feed over Socket.IO', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let resources: AsyncDisposableStack;
  let hub: TestGateway;

  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });

  let tests = 0;
  beforeEach(async () => {
    source = `s${++tests}.example`;
    resources = new AsyncDisposableStack();
    hub = resources.use(await startGateway(opened));
  });
  afterEach(() => resources.disposeAsync());

  it('sends what comes after the subscription, in frames with cursors', async () => {
    const before = post(1);
    await store(hub.store, before);
    using client = await listen(hub.url);
    const answer = await client.socket.emitWithAck('subscribe', {});
    expect(answer).toEqual({ ok: true, cursor: expect.any(String) });
    const [first, second] = [post(2), post(3)];
    await store(hub.store, first, second);
    await client.until(() => client.events.length === 2);
    expect(client.events).toEqual([
      { type: 'post', cursor: expect.any(String), data: first },
      { type: 'post', cursor: client.frames.at(-1)!.cursor, data: second },
    ]);
  });

  it('applies the filter; edits out of it become removals, deletions and gaps always come', async () => {
    using client = await listen(hub.url);
    await client.socket.emitWithAck('subscribe', { filter: { language: ['de'] } });
    const [english, german] = [post(1), post(2, { language: 'de' })];
    await store(hub.store, english, german);
    await client.until(() => client.events.length === 1);
    await hub.store.apply([edited(german, { content: '<p>neu</p>' }), edited(english, { content: '<p>new</p>' })]);
    await client.until(() => client.events.length === 3);
    await hub.store.apply([edited(german, { language: 'fr', edited_at: '2026-11-01T14:00:00.000Z' })]);
    await client.until(() => client.events.length === 4);
    await hub.store.apply([aDelete(english), gap()]);
    await client.until(() => client.gaps.length === 1);
    const removalOf = ({ id, uri }: Post) => ({ id, uri });
    expect(client.events.map(({ type, data }) => [type, type === 'delete' ? data : id({ data })])).toEqual([
      ['post', german.id],
      ['edit', german.id],
      ['delete', removalOf(english)],
      ['delete', removalOf(german)],
      ['delete', removalOf(english)],
    ]);
    expect(client.gaps).toEqual([{ ...gap().gap, cursor: expect.any(String) }]);
  });

  it('resumes from any cursor of a frame or an event, without loss or duplicates', async () => {
    using client = await listen(hub.url);
    await client.socket.emitWithAck('subscribe', {});
    for (let n = 1; n <= 6; n += 2) await store(hub.store, post(n), post(n + 1));
    await client.until(() => client.events.length === 6);
    const seen = [...client.events];
    for (const [i, { cursor }] of seen.entries()) {
      using again = await listen(hub.url);
      await again.socket.emitWithAck('subscribe', { cursor });
      await store(hub.store, post(100 + i));
      await again.until(() => again.events.at(-1)?.data.id === post(100 + i).id);
      expect(again.events.slice(0, 5 - i).map(id)).toEqual(seen.slice(i + 1).map(id));
      expect(again.events).toHaveLength(6);
    }
  });

  it('resumes at another gateway that was started later, from the store', async () => {
    using client = await listen(hub.url);
    const start = await client.socket.emitWithAck('subscribe', {});
    await store(hub.store, post(1), post(2));
    await client.until(() => client.events.length === 2);
    await using other = await startGateway(hub.store);
    using again = await listen(other.url);
    await again.socket.emitWithAck('subscribe', { cursor: start.ok ? start.cursor : '' });
    await store(hub.store, post(3));
    await again.until(() => again.events.length === 3);
    await client.until(() => client.events.length === 3);
    expect(again.events).toEqual(client.events);
  });

  it('moves the cursor of a client whose filter lets nothing through', async () => {
    using client = await listen(hub.url);
    const start = await client.socket.emitWithAck('subscribe', { filter: { hashtag: ['nothing'] } });
    const busy = setInterval(() => void store(hub.store, post(Math.random())), 500);
    await client.until(() => client.frames.length === 1).finally(() => clearInterval(busy));
    expect(client.frames[0]).toEqual({ cursor: expect.any(String), events: [] });
    expect(client.frames[0]!.cursor).not.toBe(start.ok && start.cursor);
  });

  it('keeps to the positions that it answers with, also when one filter follows another at once', async () => {
    using client = await listen(hub.url);
    using other = await listen(hub.url);
    await Promise.all([
      client.socket.emitWithAck('subscribe', { filter: { language: ['fr'] } }),
      other.socket.emitWithAck('subscribe', {}),
    ]);
    await store(hub.store, post(1));
    await other.until(() => other.events.length === 1);
    const change = (language: string) =>
      client.socket.emitWithAck('update-filter', { filter: { language: [language] } });
    const [english, german] = await Promise.all([change('en'), change('de')]);
    const last = post(2, { language: 'de' });
    await store(hub.store, last);
    await client.until(() => client.events.some((event) => event.type === 'post' && event.data.id === last.id));
    // What lies between the two answers was for the first of the filters.
    const between = english.ok && german.ok && english.cursor !== german.cursor;
    expect(client.events.map(({ data }) => data.id)).toEqual(between ? [post(1).id, last.id] : [last.id]);
  });

  it('replaces the subscription of a socket, and changes its filter where it stands', async () => {
    using client = await listen(hub.url);
    expect(await client.socket.emitWithAck('update-filter', { filter: {} })).toMatchObject({
      error: { code: 'not_subscribed', retryable: false },
    });
    await client.socket.emitWithAck('subscribe', {});
    await client.socket.emitWithAck('subscribe', { filter: { language: ['de'] } });
    const german = post(1, { language: 'de' });
    await store(hub.store, german);
    await client.until(() => client.events.length === 1);
    const changed = await client.socket.emitWithAck('update-filter', { filter: { language: ['fr'] } });
    expect(changed).toEqual({ ok: true, cursor: client.events[0]!.cursor });
    const french = post(3, { language: 'fr' });
    await store(hub.store, post(2, { language: 'de' }), french);
    await client.until(() => client.events.length === 2);
    expect(client.events.map(id)).toEqual([german.id, french.id]);
  });

  it('pages through history, and the page joins the feed', async () => {
    await store(hub.store, post(1, { created_at: '2026-11-01T10:00:00.000Z' }), post(2), post(3, { language: 'de' }));
    using client = await listen(hub.url);
    const page = await client.socket.emitWithAck('history', {
      filter: { language: ['en'], instance: [source] },
      limit: 1,
    });
    if (!page.ok) throw new Error(page.error.message);
    expect(page.posts.map(({ id }) => id)).toEqual([post(2).id]);
    const older = await client.socket.emitWithAck('history', {
      filter: { language: ['en'], instance: [source] },
      limit: 1,
      before: page.before!,
    });
    expect(older.ok && older.posts.map(({ hub }) => hub.local_id)).toEqual(['1']);
    await store(hub.store, post(4));
    await client.socket.emitWithAck('subscribe', { cursor: page.cursor });
    await client.until(() => client.events.length === 1);
    expect(client.events.map(id)).toEqual([post(4).id]);
  });

  it('coalesces what comes fast and sends at once what comes alone', async () => {
    using client = await listen(hub.url);
    await client.socket.emitWithAck('subscribe', {});
    for (let n = 1; n <= 60; n++) await store(hub.store, post(n));
    await client.until(() => client.events.length === 60);
    expect(client.frames.length).toBeLessThan(30);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const sent = performance.now();
    await store(hub.store, post(61));
    await client.until(() => client.events.length === 61);
    expect(performance.now() - sent).toBeLessThan(80);
  });

  it('answers bad requests with typed errors', async () => {
    using client = await listen(hub.url);
    const ask = (event: string, ...body: unknown[]): Promise<unknown> =>
      client.raw.timeout(2000).emitWithAck(event, ...body);
    const error = (code: string) => ({ ok: false, error: { code, message: expect.any(String), retryable: false } });
    expect(await ask('subscribe', { filter: { langauge: ['en'] } })).toEqual(error('invalid_filter'));
    expect(await ask('subscribe', { filter: { language: [] } })).toEqual(error('invalid_filter'));
    expect(await ask('subscribe', { cursor: 7 })).toEqual(error('invalid_cursor'));
    expect(await ask('subscribe', 'all')).toEqual(error('bad_request'));
    expect(await ask('subscribe', {}, {})).toEqual(error('bad_request'));
    expect(await ask('subscribe', { cursor: 'no such place' })).toEqual(error('invalid_cursor'));
    expect(await ask('history', { limit: 101 })).toEqual(error('bad_request'));
    expect(await ask('history', { before: 'nowhere' })).toEqual(error('invalid_cursor'));
    expect(await ask('update-filter')).toEqual(error('bad_request'));
    expect(await ask('drop table', {})).toEqual(error('bad_request'));
  });

  it('survives whatever a client sends, and answers', async () => {
    using client = await listen(hub.url);
    const event = fc.oneof(fc.constantFrom('subscribe', 'update-filter', 'history', 'error', 'posts'), fc.string());
    await fc.assert(
      fc.asyncProperty(event, fc.array(fc.jsonValue(), { maxLength: 3 }), async (event, body) => {
        fc.pre(
          !['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'].includes(event),
        );
        const answer = (await client.raw.timeout(2000).emitWithAck(event, ...body)) as { ok: boolean };
        expect(typeof answer.ok).toBe('boolean');
      }),
      { numRuns: 150 },
    );
    expect(await client.socket.emitWithAck('subscribe', {})).toMatchObject({ ok: true });
  });

  it('tells errors to those who ask for no answer', async () => {
    using client = await listen(hub.url);
    client.raw.emit('subscribe', { filter: 1 });
    await client.until(() => client.errors.length === 1);
    expect(client.errors[0]).toMatchObject({ code: 'invalid_filter' });
  });

  it('refuses pages of other origins, also for WebSockets', async () => {
    const from = (origin: string, transport: 'polling' | 'websocket') =>
      listen(hub.url, { transports: [transport], extraHeaders: { origin }, reconnection: false });
    for (const transport of ['polling', 'websocket'] as const) {
      await expect(from('https://evil.example', transport)).rejects.toThrow();
      (await from(hub.url, transport)).socket.disconnect();
    }
  });

  it('tells its clients to come back when it stops; stock clients do, by the cursor lose nothing', async () => {
    using client = await listen(hub.url, { reconnectionDelay: 50, reconnectionDelayMax: 100, randomizationFactor: 0 });
    await client.socket.emitWithAck('subscribe', {});
    await store(hub.store, post(1));
    await client.until(() => client.events.length === 1);
    const gone = new Promise((resolve) => client.socket.once('disconnect', resolve));
    await hub.stop();
    await gone;
    expect(client.errors).toEqual([
      { code: 'shutting_down', message: expect.any(String), retryable: true, cursor: client.events[0]!.cursor },
    ]);
    await store(hub.store, post(2));
    const back = new Promise<void>((resolve) => client.socket.once('connect', resolve));
    resources.use(await startGateway(hub.store, {}, hub.port));
    await back;
    await client.socket.emitWithAck('subscribe', { cursor: client.errors[0]!.cursor! });
    await client.until(() => client.events.length === 2);
    expect(client.events.map(id)).toEqual([post(1).id, post(2).id]);
  });

  it('counts clients, events, frames and bytes', async () => {
    const client = await listen(hub.url);
    await client.socket.emitWithAck('subscribe', {});
    await store(hub.store, post(1));
    await client.until(() => client.events.length === 1);
    const value = async (name: string) => (await hub.registry.getSingleMetric(`hub_delivery_${name}`)!.get()).values;
    expect(await value('clients')).toMatchObject([{ labels: { transport: 'socketio' }, value: 1 }]);
    expect(await value('events_total')).toMatchObject([{ labels: { transport: 'socketio' }, value: 1 }]);
    expect((await value('sent_bytes_total'))[0]!.value).toBeGreaterThan(300);
    client.socket.disconnect();
    await hub.stop();
    expect(await value('clients')).toMatchObject([{ value: 0 }]);
  });
});
