import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { mendIdleTimers } from './idle-timers.ts';

interface Queue {
  pending: unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  destroy(): void;
}

const QueueOfKafkajs = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as new (
  options: object,
) => Queue;

describe('mendIdleTimers', () => {
  it('leaves a queue in which nothing waits without a timer', () => {
    mendIdleTimers();
    const queue = new QueueOfKafkajs({ maxInFlightRequests: 0, logger: { debug: () => undefined } });
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    queue.pending.push({});
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    queue.destroy();
  });
});
