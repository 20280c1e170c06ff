import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AdminController } from './admin/admin.controller.ts';
import { ApiGate } from './rest/api-gate.ts';
import { CredentialsController } from './rest/credentials.controller.ts';
import { ErrorFilter } from './rest/error-filter.ts';
import { InstanceController } from './rest/instance.controller.ts';
import { PicturesController } from './rest/pictures.controller.ts';
import { StatusesController } from './rest/statuses.controller.ts';
import { StreamingController } from './rest/streaming.controller.ts';
import { TimelinesController } from './rest/timelines.controller.ts';
import { Simulation } from './simulation.ts';

@Module({
  controllers: [
    TimelinesController,
    StatusesController,
    StreamingController,
    InstanceController,
    CredentialsController,
    PicturesController,
    AdminController,
  ],
  providers: [{ provide: APP_FILTER, useClass: ErrorFilter }],
})
export class SimulatorModule implements NestModule {
  static around(simulation: Simulation): DynamicModule {
    return { module: SimulatorModule, providers: [{ provide: Simulation, useValue: simulation }] };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(ApiGate).forRoutes('api/{*path}');
  }
}
