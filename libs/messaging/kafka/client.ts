import kafkajs, { type Kafka } from 'kafkajs';
import { mendIdleTimers } from './idle-timers.ts';
import { installCodecs } from './inflation.ts';
import type { KafkaBrokerOptions } from './options.ts';

/** What kafkajs tries again by itself: a change of leaders, not an outage. That is for whoever knows how long to wait. */
export const QUICK_RETRIES = { retries: 5, initialRetryTime: 50, maxRetryTime: 1_000 };

/** kafkajs clients of one `Kafka` share a cache of positions, in which two members of a group disturb each other. */
export type NewKafka = () => Kafka;

export function kafkaFactory({ brokers, clientId, ssl, sasl }: KafkaBrokerOptions): NewKafka {
  mendIdleTimers();
  installCodecs();
  return () =>
    new kafkajs.Kafka({
      brokers: [...brokers],
      clientId: clientId ?? 'mastodon-stream-hub',
      connectionTimeout: 3_000,
      authenticationTimeout: 5_000,
      requestTimeout: 15_000,
      retry: QUICK_RETRIES,
      // What matters comes as an error or an event.
      logLevel: kafkajs.logLevel.NOTHING,
      ...(ssl !== undefined && { ssl }),
      ...(sasl !== undefined && { sasl }),
    });
}
