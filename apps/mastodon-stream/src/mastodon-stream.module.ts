import type { Config } from '@hub/config';
import { IngestModule } from '@hub/ingest';
import { loggingModule, OperationsModule, StorageModule, watchExclusions } from '@hub/runtime';
import { Module, type DynamicModule } from '@nestjs/common';

/** Mastodon in, gRPC out; the store only for how far it has read. */
@Module({})
export class MastodonStreamModule {
  static forRoot(config: Config): DynamicModule {
    const { sources, producerAddress, consent } = config;
    return {
      module: MastodonStreamModule,
      imports: [
        loggingModule(config),
        OperationsModule,
        StorageModule.forRoot(config),
        IngestModule.forRoot({ sources, producerAddress, consent, excluded: watchExclusions(config) }),
      ],
    };
  }
}
