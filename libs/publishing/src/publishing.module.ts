import { Module, type DynamicModule } from '@nestjs/common';
import { GenericPubSubServiceService, PubSubServiceService } from '@hub/contracts/proto';
import { Intake } from './intake.ts';
import { PublishingMetrics } from './metrics.ts';
import { PUBLISHING_OPTIONS, type PublishingOptions } from './options.ts';
import { PublishStreams } from './publish-streams.ts';
import { PublishingController } from './publishing.controller.ts';

/** For `grpcPackage(...)`: what this feature serves, in package `hubapiv1`. */
export const PUBLISHING_SERVICES = [GenericPubSubServiceService, PubSubServiceService] as const;

/** Takes posts and events over gRPC and puts them on the log. Needs PUBLISHER and a metrics Registry. */
@Module({})
export class PublishingModule {
  static forRoot(options: PublishingOptions): DynamicModule {
    return {
      module: PublishingModule,
      controllers: [PublishingController],
      providers: [{ provide: PUBLISHING_OPTIONS, useValue: options }, PublishingMetrics, Intake, PublishStreams],
    };
  }
}
