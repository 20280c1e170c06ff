import { randomUUID } from 'node:crypto';
import type { Consumer, KafkaMessage } from 'kafkajs';
import {
  BrokerUnavailableError,
  deadLetterTopic,
  readDeadLetter,
  type DeadLetter,
  type DeadLetters,
} from '@hub/messaging';
import type { AdminConnection } from './admin.ts';
import { QUICK_RETRIES, type NewKafka } from './client.ts';
import { toHubError } from './errors.ts';
import { toEnvelope } from './records.ts';
import { partitionsOf } from './topics.ts';

/** All dead letters of a topic are in one partition, so that they have one order. */
export const DEAD_LETTER_PARTITION = 0;

const READ_WITHIN_MS = 20_000;

/** Each reading is a group of its own, which commits nothing and which the broker forgets. */
const GROUP_PREFIX = 'hub-dead-letters-';

interface DeadLettersParts {
  newKafka: NewKafka;
  admin: AdminConnection;
}

/** Their ids are their offsets. */
export function kafkaDeadLetters(of: string, { newKafka, admin }: DeadLettersParts): DeadLetters {
  const topic = deadLetterTopic(of);
  const bounds = () =>
    admin.use(async (admin) => {
      if ((await partitionsOf(admin, topic)) === undefined) return { low: 0, high: 0 };
      const found = await admin.fetchTopicOffsets(topic);
      const { low, high } = found.find(({ partition }) => partition === DEAD_LETTER_PARTITION) ?? { low: 0, high: 0 };
      return { low: Number(low), high: Number(high) };
    });
  return {
    async count() {
      const { low, high } = await bounds();
      return high - low;
    },
    async list({ after, limit }) {
      const { low, high } = await bounds();
      const from = Math.max(low, after === undefined ? 0 : Number(after) + 1);
      const to = Math.min(high, from + limit);
      if (from >= to) return [];
      const consumer = newKafka().consumer({
        groupId: GROUP_PREFIX + randomUUID(),
        allowAutoTopicCreation: false,
        maxWaitTimeInMs: 200,
        retry: { ...QUICK_RETRIES, restartOnFailure: () => Promise.resolve(false) },
      });
      return read(consumer, topic, from, to);
    },
  };
}

async function read(consumer: Consumer, topic: string, from: number, to: number): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  const done = Promise.withResolvers<void>();
  let next = from;
  const take = (message: KafkaMessage): void => {
    const offset = Number(message.offset);
    // It may begin before `from` until it has heard of it, and begin again.
    if (offset < next || offset >= to) return;
    next = offset + 1;
    letters.push(readDeadLetter(message.offset, toEnvelope(message)));
  };
  const late = setTimeout(() => done.reject(new BrokerUnavailableError('Kafka is slow to answer')), READ_WITHIN_MS);
  consumer.on(consumer.events.CRASH, ({ payload }) => done.reject(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const eachBatch = async ({
      batch,
    }: {
      batch: { partition: number; messages: KafkaMessage[]; lastOffset(): string };
    }) => {
      if (batch.partition !== DEAD_LETTER_PARTITION) return;
      batch.messages.forEach(take);
      if (Number(batch.lastOffset()) >= to - 1) done.resolve();
    };
    await consumer.run({ autoCommit: false, eachBatch });
    consumer.seek({ topic, partition: DEAD_LETTER_PARTITION, offset: String(from) });
    await done.promise;
    return letters;
  } catch (error) {
    throw toHubError(error);
  } finally {
    clearTimeout(late);
    await consumer.disconnect();
  }
}
