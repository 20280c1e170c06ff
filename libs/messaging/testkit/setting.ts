import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { startChild, type Child } from './child.ts';
import type { SubscriptionOptions } from '@hub/messaging';
import type { MessagingClient, MessagingDriver, MessagingTestBed, ProcessRole } from './driver.ts';

/** Fast retries, so that tests of failures are fast. */
export const FAST = { firstMs: 1, capMs: 10 };

/** The broker, and for each test a topic that nobody used before, with the groups `g` and `h`. */
export interface Setting {
  readonly bed: MessagingTestBed;
  readonly topic: string;
  /** A connection of the test's own; a further one at each call. Closed after the test. */
  connect(): Promise<MessagingClient>;
  /** On the client, by default of the group `g`, with fast retries. */
  subscribe(
    client: MessagingClient,
    options?: Partial<SubscriptionOptions>,
  ): ReturnType<MessagingClient['subscription']>;
  /** A process; killed after the test at the latest. */
  spawn(role: ProcessRole): Child;
}

/** To be called in a `describe`: brings the broker up and down around its tests. */
export function setting(driver: MessagingDriver): Setting {
  let bed: MessagingTestBed | undefined;
  let topic = '';
  const clients: MessagingClient[] = [];
  const children: Child[] = [];
  const theBed = () => {
    if (bed === undefined) throw new Error('the broker is up only while tests run');
    return bed;
  };
  // Servers may be fetched and built first.
  beforeAll(async () => {
    bed = await driver.start();
  }, 300_000);
  afterAll(() => bed?.close());
  beforeEach(async () => {
    topic = `t-${randomUUID()}`;
    await theBed().prepare(topic, ['g', 'h']);
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill()));
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });
  return {
    get bed() {
      return theBed();
    },
    get topic() {
      return topic;
    },
    async connect() {
      const client = await theBed().connect();
      clients.push(client);
      return client;
    },
    subscribe: (client, options) => client.subscription({ topic, group: 'g', backoff: FAST, ...options }),
    spawn(role) {
      const child = startChild(theBed(), role);
      children.push(child);
      return child;
    },
  };
}
