import { once } from 'node:events';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { Server, ServerCredentials, type MethodDefinition } from '@grpc/grpc-js';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { FeedServiceService } from '@hub/contracts/proto';
import { HealthImplementation } from 'grpc-health-check';
import { Access } from '../access/access.ts';
import { bearer, type Caller } from '../access/client.ts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { FeedStreams } from '../streams/feed-streams.ts';
import { isUnexpected, toWireError } from '../wire-error.ts';
import { decodeRequest } from './decode-request.ts';
import { GrpcSink, type FeedCall } from './grpc-sink.ts';
import { statusOf } from './grpc-status.ts';
import { readRequest } from './read-request.ts';

const SERVICE = 'hubapiv1.FeedService';
const STOP_MS = 1000;
const SERVER_OPTIONS = {
  /** Requests are small; posts only go out. */
  'grpc.max_receive_message_length': 64 * 1024,
  'grpc.max_concurrent_streams': 100,
  // Who is gone without a word is found out, and who is quiet may stay.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.keepalive_permit_without_calls': 1,
};

/** Responses come to the method serialized: many calls get the same bytes. Requests too: what is none is refused in our words. */
const asItIs = (bytes: Buffer) => bytes;
const subscribe: MethodDefinition<Buffer, Buffer> = {
  ...FeedServiceService.subscribe,
  requestSerialize: asItIs,
  requestDeserialize: asItIs,
  responseSerialize: asItIs,
  responseDeserialize: asItIs,
};

/** The feed as a gRPC server stream, with health checks, on a port of its own if there is one. */
@Injectable()
export class FeedGrpcServer implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #logger = new Logger(FeedGrpcServer.name);
  readonly #grpc = new Server(SERVER_OPTIONS);
  readonly #health = new HealthImplementation({ '': 'SERVING', [SERVICE]: 'SERVING' });
  readonly #connections = new Set<Socket>();
  #listener: NetServer | undefined;
  /** Closes connections as soon as their calls have ended. */
  #drain: () => void = () => undefined;

  constructor(
    private readonly streams: FeedStreams,
    private readonly access: Access,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const where = this.options.grpc;
    if (where === undefined) return;
    this.#grpc.addService({ subscribe }, { subscribe: (call: FeedCall) => void this.#subscribe(call) });
    this.#health.addToServer(this.#grpc);
    const injector = this.#grpc.createConnectionInjector(ServerCredentials.createInsecure());
    this.#drain = () => injector.drain(STOP_MS);
    this.#listener = createServer((socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
      injector.injectConnection(socket);
    });
    this.#listener.listen(where.port, where.host);
    await once(this.#listener, 'listening');
  }

  beforeApplicationShutdown(): void {
    this.#health.setStatus('', 'NOT_SERVING');
    this.#health.setStatus(SERVICE, 'NOT_SERVING');
  }

  /** Calls have ended by now, but for those of clients that take nothing. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#listener === undefined) return;
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    const force = setTimeout(() => this.#connections.forEach((socket) => socket.destroy()), STOP_MS);
    this.#drain();
    await closed;
    clearTimeout(force);
    this.#grpc.forceShutdown();
  }

  async #subscribe(call: FeedCall): Promise<void> {
    const stop = new AbortController();
    const ended = () => stop.abort();
    call.once('cancelled', ended).once('close', ended);
    try {
      const client = await this.access.admit(callerOf(call));
      const sink = new GrpcSink(call, this.options.stallTimeoutMs, stop.signal);
      await this.streams.serve(client, readRequest(decodeRequest(call.request)), sink, stop);
    } catch (error) {
      if (isUnexpected(error)) this.#logger.error(error);
      call.emit('error', statusOf(toWireError(error)));
    }
  }
}

function callerOf(call: FeedCall): Caller {
  const peer = call.getPeer();
  const text = (name: string) => call.metadata.get(name).map(String).join(',') || undefined;
  return {
    remoteAddress: peer.slice(0, peer.lastIndexOf(':')),
    forwardedFor: text('x-forwarded-for'),
    credential: bearer(text('authorization')),
  };
}
