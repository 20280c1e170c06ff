import type { Config } from '@hub/config';
import { STORE, type Store } from '@hub/storage';
import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { openStore } from './open-store.ts';

/** Last of all: when this hook runs, nothing reads or writes any more. */
@Injectable()
class StoreCloser implements OnApplicationShutdown {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

/** Binds the storage port to the configured driver, for all features. */
@Module({})
export class StorageModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      providers: [{ provide: STORE, useFactory: () => openStore(config) }, StoreCloser],
      exports: [STORE],
    };
  }
}
