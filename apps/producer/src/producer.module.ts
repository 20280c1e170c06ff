import type { Config } from '@hub/config';
import { PublishingModule } from '@hub/publishing';
import { loggingModule, MessagingModule, OperationsModule, watchExclusions } from '@hub/runtime';
import { Module, type DynamicModule } from '@nestjs/common';

/** gRPC in, broker out. */
@Module({})
export class ProducerModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: ProducerModule,
      imports: [
        loggingModule(config),
        OperationsModule,
        MessagingModule.forRoot(config, ['publish']),
        PublishingModule.forRoot({ consent: config.consent, excluded: watchExclusions(config) }),
      ],
    };
  }
}
