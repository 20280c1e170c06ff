import kafkajs, { type ICustomPartitioner, type Message, type Producer } from 'kafkajs';
import { BrokerUnavailableError } from '@hub/messaging';
import { QUICK_RETRIES, type NewKafka } from './client.ts';
import { toHubError, typeOf } from './errors.ts';

export interface SenderOptions {
  topic: string;
  newKafka: NewKafka;
  /** Resolves when the topic is there. */
  prepared: () => Promise<unknown>;
}

/** A producer and the partitions that the messages under way go to. */
interface Link {
  producer: Producer;
  chosen: Set<number>;
}

/**
 * Sends messages, one call at a time. The producer is idempotent: what it sends again by itself the broker takes once.
 * That holds only while a call succeeds. After one has failed nobody knows what was stored, but kafkajs numbers the
 * next messages as if nothing was, and the broker could take them for repetitions and drop them: so the next call gets
 * a new producer.
 */
export class Sender {
  private link: Promise<Link> | undefined;

  constructor(private readonly options: SenderOptions) {}

  /** Resolves when all in-sync replicas have them. Rejects with HubErrors. */
  async send(messages: readonly Message[]): Promise<void> {
    const connecting = (this.link ??= this.connect());
    try {
      await this.sendOn(await connecting, [...messages]);
    } catch (error) {
      this.close();
      const [middle, tooLarge] = [messages.length >> 1, typeOf(error) === 'MESSAGE_TOO_LARGE'];
      if (!tooLarge || middle === 0) throw toHubError(error);
      // All of them were too much for one record batch; each alone may not be.
      await this.send(messages.slice(0, middle));
      await this.send(messages.slice(middle));
    }
  }

  close(): void {
    const { link } = this;
    this.link = undefined;
    // Nothing waits for it, and a broker that is away cannot be told.
    link?.then(({ producer }) => producer.disconnect()).catch(() => undefined);
  }

  private async connect(): Promise<Link> {
    const { newKafka, prepared } = this.options;
    await prepared();
    const chosen = new Set<number>();
    const producer = newKafka().producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: QUICK_RETRIES,
      createPartitioner: noting(chosen),
    });
    await producer.connect();
    return { producer, chosen };
  }

  private async sendOn({ producer, chosen }: Link, messages: Message[]): Promise<void> {
    chosen.clear();
    const { topic } = this.options;
    const stored = await producer.send({
      topic,
      messages,
      acks: -1,
      timeout: 10_000,
      compression: kafkajs.CompressionTypes.GZIP,
    });
    // If a partition changes its leader meanwhile, kafkajs may forget to send it again.
    const partitions = new Set(stored.map(({ partition }) => partition));
    if (![...chosen].every((partition) => partitions.has(partition))) {
      throw new BrokerUnavailableError('Kafka acknowledged a part of the messages only');
    }
  }
}

/** By the key's hash, as Java's clients do; notes which partitions it chose. */
function noting(chosen: Set<number>): ICustomPartitioner {
  return () => {
    const choose = kafkajs.Partitioners.DefaultPartitioner();
    return (args) => {
      const partition = choose(args);
      chosen.add(partition);
      return partition;
    };
  };
}
