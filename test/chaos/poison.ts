import { deadLetters } from '../e2e/support/dlq.ts';
import { publish } from '../e2e/support/publish.ts';

const KEY = 'poison.example/1';

/** Publishes what nobody can read: it must end as a dead letter, and hold nothing up. */
export function publishPoison(producerAddress: string): Promise<void> {
  return publish(producerAddress, [{ key: Buffer.from(KEY), value: Buffer.from('not protobuf') }]);
}

/** Whether the broker of `env`, or of the .env in `dir`, has dead letters, and those that are not the poison. */
export async function deadPoison(dir: string, env: Record<string, string> = {}) {
  const letters = await deadLetters(dir, env);
  // More than one if the processor was killed between writing it and telling so.
  return {
    some: letters.length > 0,
    others: letters.filter(({ key, reason }) => key !== KEY || reason !== 'invalid_event'),
  };
}

export const POISON_ALONE = { some: true, others: [] };
