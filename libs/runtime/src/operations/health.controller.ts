import { SUBSCRIPTION, type Subscription } from '@hub/messaging';
import { STORE, type Store } from '@hub/storage';
import { Controller, Get, Inject, Optional, type OnModuleDestroy } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';

@Controller('health')
export class HealthController implements OnModuleDestroy {
  private stopping = false;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Optional() @Inject(STORE) private readonly store?: Pick<Store, 'head'>,
    @Optional() @Inject(SUBSCRIPTION) private readonly subscription?: Pick<Subscription, 'lag'>,
  ) {}

  /** The first that is called of an orderly stop: whoever sends traffic should send it elsewhere from now on. */
  onModuleDestroy(): void {
    this.stopping = true;
  }

  /** The process answers: if not, restart it. */
  @Get('live')
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** What it stands on answers: if not, send it no traffic. */
  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    const { store, subscription } = this;
    return this.health.check([
      ...(this.stopping ? [() => this.indicators.check('service').down('is stopping')] : []),
      ...(store === undefined ? [] : [() => this.probe('store', () => store.head())]),
      ...(subscription === undefined ? [] : [() => this.probe('broker', () => subscription.lag())]),
    ]);
  }

  private async probe(name: string, action: () => Promise<unknown>): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(name);
    try {
      await action();
      return indicator.up();
    } catch {
      return indicator.down('does not answer');
    }
  }
}
