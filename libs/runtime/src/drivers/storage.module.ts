import type { Config } from '@hub/config';
import { STORE, type Store } from '@hub/storage';
import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { askedGauge } from '../operations/asked-gauge.ts';
import { openStore } from './open-store.ts';

/** Last of all: when this hook runs, nothing reads or writes any more. */
@Injectable()
class StoreCloser implements OnApplicationShutdown {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

@Injectable()
class StoreMetric {
  constructor(@Inject(Registry) registry: Registry, @Inject(STORE) store: Store) {
    askedGauge(registry, {
      name: 'hub_store_records',
      help: 'What the store holds: posts, changes that the feed can replay, tombstones, gaps',
      label: 'kind',
      ask: async () => ({ ...(await store.counts()) }),
    });
  }
}

/** Binds the storage port to the configured driver, for all features. */
@Module({})
export class StorageModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      providers: [{ provide: STORE, useFactory: () => openStore(config) }, StoreCloser, StoreMetric],
      exports: [STORE],
    };
  }
}
