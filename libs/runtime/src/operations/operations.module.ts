import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { HealthController } from './health.controller.ts';
import { MetricsController } from './metrics.controller.ts';

function processRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Health and metrics; the one metrics registry of the process, which features are given. */
@Global()
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController, MetricsController],
  providers: [{ provide: Registry, useFactory: processRegistry }],
  exports: [Registry],
})
export class OperationsModule {}
