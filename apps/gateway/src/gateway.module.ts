import type { Config } from '@hub/config';
import { DeliveryModule } from '@hub/delivery';
import { loggingModule, OperationsModule, StorageModule } from '@hub/runtime';
import { Module, type DynamicModule } from '@nestjs/common';

/** Store in, readers out. */
@Module({})
export class GatewayModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        loggingModule(config),
        OperationsModule,
        StorageModule.forRoot(config),
        DeliveryModule.forRoot(config.delivery),
      ],
    };
  }
}
