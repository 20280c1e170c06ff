import { HubError } from '@hub/contracts';
import type { Envelope } from '@hub/contracts/proto';
import type { Observe, Publisher } from '@hub/messaging';
import { MissingError } from './errors.ts';
import { MAX_REQUEST_BYTES, MAX_REQUEST_MESSAGES, toMessage, type Message, type Sized } from './messages.ts';

/** Requests under way; as many as one connection to Google carries at once. */
const MAX_IN_FLIGHT = 100;

export interface PubSubPublisherOptions {
  topic: string;
  /** Resolves when the topic is there, and all that is to get its messages. */
  prepared: () => Promise<void>;
  /** The topic, or what is to get its messages, is gone. */
  onMissing: () => void;
  /** One request: messages of one key. Resolves when Pub/Sub has them. */
  send: (messages: Message[]) => Promise<unknown>;
  observe: Observe;
}

/** One call of `publish`. */
interface Call {
  left: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

interface Waiting extends Sized {
  call: Call;
}

/** Messages of one key, which go one request after another. */
interface Lane {
  key: string;
  waiting: Waiting[];
}

/**
 * Pub/Sub takes messages of one ordering key in a request, and no others, so that a batch is many requests at once. What
 * is published of a key while a request of it is under way goes together with the next.
 */
export class PubSubPublisher implements Publisher {
  /** Of the keys that wait or are under way. */
  private readonly lanes = new Map<string, Lane>();
  /** With messages, and none under way. */
  private readonly ready: Lane[] = [];
  private inFlight = 0;
  private closed = false;
  private idle = Promise.withResolvers<void>();

  constructor(private readonly options: PubSubPublisherOptions) {
    this.idle.resolve();
  }

  async publish(batch: readonly Envelope[]): Promise<void> {
    if (this.closed) throw new HubError('shutting_down', 'This publisher is closed.');
    if (batch.length === 0) return;
    const messages = batch.map((envelope) => toMessage(envelope));
    const started = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const call: Call = { left: batch.length, resolve, reject };
    for (const sized of messages) this.enqueue({ ...sized, call });
    this.pump();
    await promise;
    const { topic, observe } = this.options;
    const bytes = batch.reduce((sum, { value }) => sum + value.byteLength, 0);
    observe({
      kind: 'published',
      topic,
      messages: batch.length,
      bytes,
      seconds: (performance.now() - started) / 1000,
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.idle.promise;
  }

  private enqueue(one: Waiting): void {
    if (this.lanes.size === 0) this.idle = Promise.withResolvers();
    const key = one.message.orderingKey ?? '';
    const lane = this.lanes.get(key);
    if (lane !== undefined) {
      lane.waiting.push(one);
      return;
    }
    const opened: Lane = { key, waiting: [one] };
    this.lanes.set(key, opened);
    this.ready.push(opened);
  }

  private pump(): void {
    while (this.inFlight < MAX_IN_FLIGHT) {
      const lane = this.ready.shift();
      if (lane === undefined) return;
      void this.drive(lane);
    }
  }

  private async drive(lane: Lane): Promise<void> {
    this.inFlight += 1;
    const taken = take(lane.waiting);
    try {
      await this.options.prepared();
      await this.options.send(taken.map(({ message }) => message));
      for (const { call } of taken) {
        call.left -= 1;
        if (call.left === 0) call.resolve();
      }
    } catch (error) {
      if (error instanceof MissingError) this.options.onMissing();
      // Of later calls too: if these come again after them, the key's messages change their order.
      for (const { call } of [...taken, ...lane.waiting.splice(0)]) call.reject(error);
    }
    this.inFlight -= 1;
    if (lane.waiting.length > 0) this.ready.push(lane);
    else this.lanes.delete(lane.key);
    if (this.lanes.size === 0) this.idle.resolve();
    this.pump();
  }
}

/** What fits in a request; at least one. */
function take(waiting: Waiting[]): Waiting[] {
  let bytes = 0;
  const over = waiting.findIndex((one) => (bytes += one.bytes) > MAX_REQUEST_BYTES);
  const most = Math.min(waiting.length, MAX_REQUEST_MESSAGES);
  return waiting.splice(0, over === -1 ? most : Math.max(1, Math.min(over, most)));
}
