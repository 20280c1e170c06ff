import type { Config } from '@hub/config';
import { ProcessingModule } from '@hub/processing';
import { loggingModule, MessagingModule, OperationsModule, StorageModule, watchExclusions } from '@hub/runtime';
import { Module, type DynamicModule } from '@nestjs/common';

/** Broker in, store out. */
@Module({})
export class ProcessorModule {
  static forRoot(config: Config, push: readonly DynamicModule[]): DynamicModule {
    return {
      module: ProcessorModule,
      imports: [
        loggingModule(config),
        OperationsModule,
        StorageModule.forRoot(config),
        MessagingModule.forRoot(config, ['consume']),
        ProcessingModule.forRoot({ consent: config.consent, excluded: watchExclusions(config) }),
        ...push,
      ],
    };
  }
}
