import { Module, type DynamicModule } from '@nestjs/common';
import { DataProcessorService } from '@hub/contracts/proto';
import { DataProcessorController } from './data-processor.controller.ts';
import { EventsController } from './events.controller.ts';
import { ProcessingMetrics } from './metrics.ts';
import { PROCESSING_OPTIONS, type ProcessingOptions } from './options.ts';

/** For `grpcPackage(...)`: what this feature serves, in package `hubapiv1`. */
export const PROCESSING_SERVICES = [DataProcessorService] as const;

/** Turns events into stored posts. Needs STORE, a metrics Registry, and a subscription's transport to feed it. */
@Module({})
export class ProcessingModule {
  static forRoot(options: ProcessingOptions): DynamicModule {
    return {
      module: ProcessingModule,
      controllers: [EventsController, DataProcessorController],
      providers: [{ provide: PROCESSING_OPTIONS, useValue: options }, ProcessingMetrics],
    };
  }
}
