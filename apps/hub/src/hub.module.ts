import type { Config, SourceConfig } from '@hub/config';
import { DeliveryModule } from '@hub/delivery';
import { IngestModule } from '@hub/ingest';
import { ProcessingModule } from '@hub/processing';
import { PublishingModule } from '@hub/publishing';
import {
  loggingModule,
  MessagingModule,
  OperationsModule,
  reachableHost,
  StorageModule,
  watchExclusions,
} from '@hub/runtime';
import { Module, type DynamicModule } from '@nestjs/common';

/** All four services in one process. */
@Module({})
export class HubModule {
  static forRoot(config: Config, sources: readonly SourceConfig[]): DynamicModule {
    const { consent, grpc } = config;
    const excluded = watchExclusions(config);
    return {
      module: HubModule,
      imports: [
        loggingModule(config),
        OperationsModule,
        StorageModule.forRoot(config),
        MessagingModule.forRoot(config, ['publish', 'consume']),
        PublishingModule.forRoot({ consent, excluded }),
        ProcessingModule.forRoot({ consent, excluded }),
        DeliveryModule.forRoot(config.delivery),
        IngestModule.forRoot({
          sources,
          producerAddress: `${reachableHost(grpc.host)}:${grpc.port}`,
          consent,
          excluded,
        }),
      ],
    };
  }
}
