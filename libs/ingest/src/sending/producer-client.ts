import { once } from 'node:events';
import { Client, credentials, Metadata, type ClientWritableStream } from '@grpc/grpc-js';
import { HubError } from '@hub/contracts';
import {
  GenericPubSubServiceService,
  type PubSubGenericMessage,
  type PubSubPublishResponse,
} from '@hub/contracts/proto';

const { path, requestSerialize, responseDeserialize } = GenericPubSubServiceService.publish;

const CHANNEL = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

/** The producer's Publish, one stream at a time. */
export class ProducerClient {
  readonly #client: Client;
  readonly #deadlineMs: number;

  constructor(address: string, deadlineMs: number) {
    this.#client = new Client(address, credentials.createInsecure(), CHANNEL);
    this.#deadlineMs = deadlineMs;
  }

  /** Resolves when the producer has acknowledged all of it; rejects with a ServiceError or HubError, and nothing is known then. */
  async publish(messages: readonly PubSubGenericMessage[], signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<PubSubPublishResponse | undefined>();
    const options = { deadline: Date.now() + this.#deadlineMs };
    const call = this.#client.makeClientStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      new Metadata(),
      options,
      (error, response) => (error === null ? resolve(response) : reject(error)),
    );
    const cancel = () => call.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const [response] = await Promise.all([promise, this.#write(call, messages, promise)]);
      if (response?.success !== true) throw new HubError('unavailable', 'The producer did not take the events.');
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  close(): void {
    this.#client.close();
  }

  /** Holds back while the producer does (HTTP/2 flow control); gives up when the call is over. */
  async #write(
    call: ClientWritableStream<PubSubGenericMessage>,
    messages: readonly PubSubGenericMessage[],
    over: Promise<unknown>,
  ): Promise<void> {
    for (const message of messages) {
      if (!call.write(message)) await Promise.race([once(call, 'drain'), over]);
    }
    call.end();
  }
}
