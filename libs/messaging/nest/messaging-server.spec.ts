import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import type { INestMicroservice, Type } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Delivery, Rejection, Subscription } from '@hub/messaging';
import { openEmbeddedBroker, type EmbeddedBroker } from '@hub/messaging/embedded';
import { DataCorruptError, StorageFullError } from '@hub/sqlite';
import { HandlesPostEvents, MessagingServer } from './index.ts';

const HANDLE = Symbol('handle');
type Handle = (batch: readonly Delivery[]) => Promise<readonly Rejection[]>;

@Controller()
class PostController {
  constructor(@Inject(HANDLE) private readonly handle: Handle) {}

  @HandlesPostEvents()
  onPosts(@Payload() batch: readonly Delivery[]): Promise<readonly Rejection[]> {
    return this.handle(batch);
  }
}

@Controller()
class SecondController {
  @HandlesPostEvents()
  async onPosts(): Promise<readonly Rejection[]> {
    return [];
  }
}

const message = (key: string) => ({ key, value: Buffer.from(key), headers: { name: key } });

describe('MessagingServer', () => {
  let folder: string;
  let broker: EmbeddedBroker;
  let subscription: Subscription;
  let app: INestMicroservice | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hub-nest-'));
    broker = await openEmbeddedBroker({ path: join(folder, 'log.db'), retentionDays: 1 });
    subscription = broker.subscription({ topic: 't', group: 'g', backoff: { firstMs: 1, capMs: 5 }, maxAttempts: 2 });
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
    await broker.close();
    rmSync(folder, { recursive: true });
  });

  async function start(handle: Handle, onFatal?: (error: unknown) => void, more: Type[] = []) {
    const module = await Test.createTestingModule({
      controllers: [PostController, ...more],
      providers: [{ provide: HANDLE, useValue: handle }],
    }).compile();
    const strategy = new MessagingServer(subscription, onFatal === undefined ? {} : { onFatal });
    app = module.createNestMicroservice({ strategy });
    await app.listen();
  }

  it('hands batches to the handler and turns its rejections into dead letters', async () => {
    const got = Promise.withResolvers<readonly Delivery[]>();
    await start(async (batch) => {
      got.resolve(batch);
      return batch
        .filter(({ key }) => key === 'bad')
        .map((delivery) => ({ delivery, reason: 'invalid_event', detail: 'no' }));
    });
    await broker.publisher('t').publish(['a', 'bad', 'b'].map(message));
    const batch = await got.promise;
    expect(batch.map(({ key, value, headers }) => [key, Buffer.from(value).toString(), headers])).toEqual([
      ['a', 'a', { name: 'a' }],
      ['bad', 'bad', { name: 'bad' }],
      ['b', 'b', { name: 'b' }],
    ]);
    await app?.close();
    app = undefined;
    expect(await broker.deadLetters('t').list({ limit: 10 })).toMatchObject([{ key: 'bad', reason: 'invalid_event' }]);
    expect(await subscription.lag()).toBe(0);
  });

  it('keeps a retryable error retryable on its way through Nest', async () => {
    const attempts: (number | undefined)[] = [];
    const handled = Promise.withResolvers<void>();
    await start(async (batch) => {
      attempts.push(batch[0]?.attempt);
      // More often than other errors are tried.
      if (attempts.length < 5) throw new StorageFullError('x');
      handled.resolve();
      return [];
    });
    await broker.publisher('t').publish([message('a')]);
    await handled.promise;
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    expect(await broker.deadLetters('t').count()).toBe(0);
  });

  it('tells of an error that no retry mends, and has not consumed', async () => {
    const fatal = Promise.withResolvers<unknown>();
    await start(async () => {
      throw new DataCorruptError('x');
    }, fatal.resolve);
    await broker.publisher('t').publish([message('a')]);
    expect(await fatal.promise).toMatchObject({ code: 'data_corrupt' });
    expect(await subscription.lag()).toBe(1);
  });

  it('finishes the batch in hand before it closes', async () => {
    const started = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    let finished = false;
    await start(async () => {
      started.resolve();
      await go.promise;
      finished = true;
      return [];
    });
    await broker.publisher('t').publish([message('a')]);
    await started.promise;
    const closed = app?.close();
    expect(finished).toBe(false);
    go.resolve();
    await closed;
    app = undefined;
    expect(finished).toBe(true);
    expect(await subscription.lag()).toBe(0);
  });

  it('refuses two handlers of the same batches', async () => {
    await expect(start(async () => [], undefined, [SecondController])).rejects.toThrow('exactly one handler');
  });
});
