import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module, type INestMicroservice } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { encodeEvent, PublicPost, type Envelope, type PostEvent } from '@hub/contracts/proto';
import { openEmbeddedBroker, type EmbeddedBroker } from '@hub/messaging/embedded';
import { MessagingServer } from '@hub/messaging/nest';
import { STORE, StoreUnavailableError, type ChangeApplier, type Store } from '@hub/storage';
import { openSqliteStore } from '@hub/storage/sqlite';
import { anEvent, aPublicPost, created, edited } from '../an-event.fixture.ts';
import { ProcessingModule } from './processing.module.ts';

const registry = new Registry();

@Global()
@Module({ providers: [{ provide: Registry, useValue: registry }], exports: [Registry] })
class MetricsModule {}

@Global()
@Module({})
class StoreModule {
  static with(store: ChangeApplier) {
    return { module: StoreModule, providers: [{ provide: STORE, useValue: store }], exports: [STORE] };
  }
}

let folder: string;
let broker: EmbeddedBroker;
let store: Store;
let app: INestMicroservice;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-processing-'));
  broker = await openEmbeddedBroker({ path: join(folder, 'log.db'), retentionDays: 1 });
  store = await openSqliteStore({ path: join(folder, 'store.db'), retentionDays: 1 });
});

afterEach(async () => {
  await app.close();
  await broker.close();
  await store.close();
  registry.clear();
  rmSync(folder, { recursive: true });
});

async function start(applier: ChangeApplier): Promise<void> {
  const module = await Test.createTestingModule({
    imports: [MetricsModule, StoreModule.with(applier), ProcessingModule.forRoot({ consent: 'default' })],
  }).compile();
  const subscription = broker.subscription({ topic: 't', group: 'g', backoff: { firstMs: 1, capMs: 5 } });
  app = module.createNestMicroservice({ strategy: new MessagingServer(subscription) });
  await app.listen();
}

interface Change {
  type: string;
  data: { hub?: { source: string; local_id: string; observed_at: string } };
}

/** The store's feed from a position to the post with the given id. */
async function changesUntil(localId: string, from: string): Promise<Change[]> {
  const found: Change[] = [];
  for await (const { entries } of store.watch({ from, signal: AbortSignal.timeout(20_000) })) {
    for (const { type, json } of entries) found.push({ type, data: JSON.parse(json) as Change['data'] });
    if (found.some(({ data }) => data.hub?.local_id === localId)) break;
  }
  return found;
}

const publish = (...events: (PostEvent | Envelope)[]) =>
  broker.publisher('t').publish(events.map((event) => ('event' in event ? encodeEvent(event) : event)));

async function metric(name: string): Promise<unknown[]> {
  const found = await registry.getSingleMetric(name)?.get();
  return found?.values ?? [];
}

describe('ProcessingModule on the log', () => {
  it('stores posts, edits, deletions and gaps; refuses, rejects and counts the rest', async () => {
    const from = await store.head();
    await start(store);
    const post = aPublicPost();
    const gap = { from: new Date(1_000), to: new Date(2_000), reason: 'restarted', closedAt: undefined };
    await publish(
      created(post),
      created(post),
      edited(aPublicPost({ editedAt: new Date('2026-11-01T11:00:00Z'), content: '<p>Bye</p>' })),
      created(aPublicPost({ id: '102', uri: 'https://home.example/102', visibility: 'private', content: 'secret' })),
      created(aPublicPost({ id: '103', uri: '' })),
      { key: 'home.example/104', value: Buffer.from('nonsense'), headers: {} },
      anEvent('101', { $case: 'deleted', value: { reason: 'deleted' } }),
      anEvent('', { $case: 'gap', value: gap }),
      created(aPublicPost({ id: '105', uri: 'https://home.example/105' })),
    );
    const feed = await changesUntil('105', from);
    // The feed brings a change before its handler has counted it: the stop awaits the handler.
    await app.close();
    expect(feed.map(({ type }) => type)).toEqual(expect.arrayContaining(['delete', 'gap', 'post']));
    expect(JSON.stringify(feed)).not.toMatch(/secret|102/);
    expect(await store.counts()).toMatchObject({ posts: 1, gaps: 1 });
    expect(await metric('hub_processing_changes_total')).toEqual(
      expect.arrayContaining([
        { labels: { outcome: 'created' }, value: 2 },
        { labels: { outcome: 'stale' }, value: 1 },
        { labels: { outcome: 'edited' }, value: 1 },
        { labels: { outcome: 'deleted' }, value: 1 },
        { labels: { outcome: 'gap' }, value: 1 },
      ]),
    );
    expect(await metric('hub_processing_refused_total')).toEqual([{ labels: { reason: 'not_public' }, value: 1 }]);
    expect(await metric('hub_processing_invalid_total')).toEqual([{ labels: {}, value: 2 }]);
    expect(await broker.deadLetters('t').list({ limit: 10 })).toMatchObject([
      { key: 'home.example/103', reason: 'invalid_event', detail: 'post.uri is missing' },
      { key: 'home.example/104', reason: 'invalid_event', detail: 'the value is not readable as protobuf' },
    ]);
  });

  it('reads a bare post as the original publishes it, observed when it was published', async () => {
    const from = await store.head();
    await start(store);
    const before = Date.now();
    await publish({ key: 'other.example/101', value: PublicPost.encode(aPublicPost()).finish(), headers: {} });
    const [first] = await changesUntil('101', from);
    expect(first).toMatchObject({ type: 'post', data: { hub: { source: 'other.example', local_id: '101' } } });
    expect(Date.parse(first?.data.hub?.observed_at ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('tries again while the store is away, and then has lost nothing', async () => {
    const from = await store.head();
    let failures = 0;
    await start({
      apply: async (batch) => {
        if (failures++ < 7) throw new StoreUnavailableError('away');
        return store.apply(batch);
      },
    });
    await publish(created(aPublicPost()));
    expect(await changesUntil('101', from)).toMatchObject([{ type: 'post' }]);
    expect(failures).toBe(8);
    expect(await broker.deadLetters('t').count()).toBe(0);
  });
});
