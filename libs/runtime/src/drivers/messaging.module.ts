import type { Config } from '@hub/config';
import { PUBLISHER, SUBSCRIPTION, type Subscription } from '@hub/messaging';
import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { askedGauge } from '../operations/asked-gauge.ts';
import { MessagingMetrics } from './messaging-metrics.ts';
import { openBroker, PROCESSORS, type Broker } from './open-broker.ts';

const BROKER = Symbol('Broker');

@Injectable()
class BrokerCloser implements OnApplicationShutdown {
  constructor(@Inject(BROKER) private readonly broker: Broker) {}

  async onApplicationShutdown(): Promise<void> {
    await this.broker.close();
  }
}

@Injectable()
class LagMetric {
  constructor(@Inject(Registry) registry: Registry, @Inject(SUBSCRIPTION) subscription: Subscription) {
    askedGauge(registry, {
      name: 'hub_messaging_lag_messages',
      help: 'Messages that the consumer group has not consumed yet',
      label: 'group',
      ask: async () => ({ [PROCESSORS]: await subscription.lag() }),
    });
  }
}

/** Binds the messaging ports to the configured driver: the side, or both, that this app needs. */
@Module({})
export class MessagingModule {
  static forRoot(config: Config, sides: readonly ('publish' | 'consume')[]): DynamicModule {
    const { topic } = config.messaging;
    const publisher = { provide: PUBLISHER, inject: [BROKER], useFactory: (broker: Broker) => broker.publisher(topic) };
    const subscription = {
      provide: SUBSCRIPTION,
      inject: [BROKER],
      useFactory: (broker: Broker) => broker.subscription({ topic, group: PROCESSORS }),
    };
    const ports = [
      ...(sides.includes('publish') ? [publisher] : []),
      ...(sides.includes('consume') ? [subscription] : []),
    ];
    return {
      module: MessagingModule,
      global: true,
      providers: [
        MessagingMetrics,
        {
          provide: BROKER,
          inject: [MessagingMetrics],
          useFactory: (metrics: MessagingMetrics) => openBroker(config, metrics.observe),
        },
        BrokerCloser,
        ...ports,
        ...(sides.includes('consume') ? [LagMetric] : []),
      ],
      exports: ports.map(({ provide }) => provide),
    };
  }
}
