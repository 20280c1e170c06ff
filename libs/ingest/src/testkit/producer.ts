import { Server, ServerCredentials, type sendUnaryData, type ServerReadableStream } from '@grpc/grpc-js';
import {
  decodeEvent,
  GenericPubSubServiceService,
  type PostEvent,
  type PubSubGenericMessage,
  type PubSubPublishResponse,
} from '@hub/contracts/proto';

type Call = ServerReadableStream<PubSubGenericMessage, PubSubPublishResponse>;
type Reply = sendUnaryData<PubSubPublishResponse>;

/** Reads a stream and decides what it is answered. */
export type Behaviour = (call: Call, reply: Reply) => Promise<void> | void;

/** A gRPC producer on loopback that keeps what it acknowledged; it can be killed and started again on its port. */
export class TestProducer {
  readonly acknowledged: PostEvent[] = [];
  behaviour: Behaviour = (call, reply) => this.accept(call, reply);
  port = 0;
  #server: Server | undefined;

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    const server = new Server();
    server.addService(GenericPubSubServiceService, {
      publish: (call: Call, reply: Reply) => void this.behaviour(call, reply),
    });
    this.port = await new Promise<number>((resolve, reject) => {
      const credentials = ServerCredentials.createInsecure();
      server.bindAsync(this.address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
    });
    this.#server = server;
    return this;
  }

  /** Cuts all connections, as a crash does. */
  kill(): void {
    this.#server?.forceShutdown();
  }

  /** Acknowledges all of the stream when it ends; what was read of a stream that breaks off does not count. */
  async accept(call: Call, reply: Reply): Promise<void> {
    const events: PostEvent[] = [];
    try {
      for await (const { key, value, attributes } of call as AsyncIterable<PubSubGenericMessage>) {
        events.push(decodeEvent({ key: Buffer.from(key).toString(), value, headers: attributes }, 0));
      }
    } catch {
      return; // the stream was cut
    }
    this.acknowledged.push(...events);
    reply(null, { success: true });
  }
}
