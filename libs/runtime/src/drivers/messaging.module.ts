import type { Config } from '@hub/config';
import { PUBLISHER, SUBSCRIPTION, type Publisher, type Subscription } from '@hub/messaging';
import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

/** The processors' consumer group; gateways never join it. */
const GROUP = 'processor';

const BROKER = Symbol('Broker');

/** What the runtime needs of a messaging driver. */
interface Broker {
  publisher(topic: string): Publisher;
  subscription(options: { topic: string; group: string }): Subscription;
  close(): Promise<void>;
}

/** Loads the driver that was chosen, and no other. */
async function openBroker({ messaging, retentionDays }: Config): Promise<Broker> {
  // Relative: the build does not rewrite aliases in import().
  const { openEmbeddedBroker } = await import('../../../messaging/embedded/index.ts');
  return openEmbeddedBroker({ path: messaging.path, retentionDays });
}

@Injectable()
class BrokerCloser implements OnApplicationShutdown {
  constructor(@Inject(BROKER) private readonly broker: Broker) {}

  async onApplicationShutdown(): Promise<void> {
    await this.broker.close();
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
      useFactory: (broker: Broker) => broker.subscription({ topic, group: GROUP }),
    };
    const ports = [
      ...(sides.includes('publish') ? [publisher] : []),
      ...(sides.includes('consume') ? [subscription] : []),
    ];
    return {
      module: MessagingModule,
      global: true,
      providers: [{ provide: BROKER, useFactory: () => openBroker(config) }, BrokerCloser, ...ports],
      exports: ports.map(({ provide }) => provide),
    };
  }
}
