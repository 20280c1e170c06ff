import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeliveryModule, FeedSocketAdapter, type DeliveryOptions } from '@hub/delivery';
import { closePromptly } from '@hub/runtime';
import { STORE, type Store } from '@hub/storage';
import { openSqliteStore } from '@hub/storage/sqlite';
import { Global, Module, type DynamicModule, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Registry } from 'prom-client';

/** A gateway over a real store, on a port of its own. */
export interface TestGateway extends AsyncDisposable {
  app: INestApplication;
  store: Store;
  registry: Registry;
  /** http://127.0.0.1:port */
  url: string;
  port: number;
  /** Cuts every client's connection. */
  dropConnections(): void;
  /** Stops the gateway; the store stays open. */
  stop(): Promise<void>;
}

@Global()
@Module({})
class TestSurroundings {
  static with(store: Store, registry: Registry): DynamicModule {
    return {
      module: TestSurroundings,
      providers: [
        { provide: STORE, useValue: store },
        { provide: Registry, useValue: registry },
      ],
      exports: [STORE, Registry],
    };
  }
}

/** An empty store in a folder that goes with it. */
export async function openTestStore(): Promise<Store & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-gateway-'));
  const store = await openSqliteStore({ path: join(folder, 'store.db'), retentionDays: 36_500 });
  return Object.assign(store, {
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

/** `port` 0 is any. */
export async function startGateway(
  store: Store,
  options: Partial<DeliveryOptions> = {},
  port = 0,
): Promise<TestGateway> {
  const registry = new Registry();
  const module = await Test.createTestingModule({
    imports: [TestSurroundings.with(store, registry), DeliveryModule.forRoot(options)],
  }).compile();
  const app = module.createNestApplication({ logger: false, bodyParser: false });
  app.useWebSocketAdapter(new FeedSocketAdapter(app));
  const server = app.getHttpServer() as Server;
  closePromptly(server);
  await app.listen(port, '127.0.0.1');
  // Those that are closed stay in it, as they are few: a listener on each would count in benchmarks of memory.
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => void sockets.add(socket));
  const address = server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= app.close());
  return {
    app,
    store,
    registry,
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    dropConnections: () => sockets.forEach((socket) => socket.destroy()),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
