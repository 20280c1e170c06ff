import { Inject, Logger } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import { HubError, type SubscribeRequest } from '@hub/contracts';
import type { Server } from 'socket.io';
import { STORE, type PostReader } from '@hub/storage';
import { Access } from '../access/access.ts';
import { narrowFilter } from '../access/narrow-filter.ts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { Feed } from '../feed/feed.ts';
import { PromptWebSocketServer } from '../goodbye.ts';
import { DeliveryMetrics } from '../metrics.ts';
import { readHistory } from '../read-history.ts';
import { historySchema, subscribeSchema, updateFilterSchema } from '../requests.ts';
import { Drain } from '../streams/drain.ts';
import { isUnexpected, toWireError } from '../wire-error.ts';
import { answerTo, type Answer } from './answer-to.ts';
import { ClientSession } from './client-session.ts';
import { DICTIONARY } from './dictionary.ts';
import { forgetHandshake, guardSockets } from './guard-sockets.ts';
import type { Surroundings } from './live-subscription.ts';
import { RoomlessAdapter } from './roomless.adapter.ts';
import type { HubSocket } from './socket-sink.ts';
import { trim } from './wire.ts';

/** Requests are small; posts only go out. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/**
 * Offered to stock clients: their frames are deflated once for all of them, so no message may build on another, and
 * nothing is deflated for a connection of its own (262 KB each).
 */
const DEFLATE = { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: Number.MAX_SAFE_INTEGER };
/** Who goes on after so many refusals in a row does not listen, and is sent away. */
const MAX_REFUSED = 20;

/** What clients may send. */
export const EVENTS = ['subscribe', 'update-filter', 'history'] as const;

type Handle = (session: ClientSession, body: unknown, answer: (answer: Answer) => void) => void | Promise<void>;

/** The feed over Socket.IO. One subscription a socket; a new one takes the place of the old. */
@WebSocketGateway({
  maxHttpBufferSize: MAX_MESSAGE_BYTES,
  perMessageDeflate: DEFLATE,
  wsEngine: PromptWebSocketServer,
  adapter: RoomlessAdapter,
})
export class FeedGateway implements OnGatewayInit, OnGatewayConnection {
  readonly #logger = new Logger(FeedGateway.name);
  readonly #around: Surroundings;

  constructor(
    feed: Feed,
    @Inject(STORE) private readonly posts: PostReader,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
    private readonly metrics: DeliveryMetrics,
    private readonly access: Access,
    private readonly drain: Drain,
  ) {
    this.#around = { feed, options, metrics };
  }

  afterInit(server: Server): void {
    guardSockets(server, this.access, this.drain, this.options.allowedOrigins);
  }

  /**
   * What a socket keeps while it waits is most of what an idle client costs: its session, and listeners that are the same
   * for all.
   */
  handleConnection(socket: HubSocket): void {
    const session = new ClientSession(socket, this.#around);
    socket.data.session = session;
    this.metrics.clients.inc({ transport: 'socketio' });
    this.drain.add(session);
    try {
      session.leaveName = this.access.enterName(session.client, (error) => void session.sendAway(toWireError(error)));
    } catch (error) {
      void session.sendAway(toWireError(error));
    }
    socket.onAny(this.#heard);
    socket.on('disconnect', this.#gone);
    forgetHandshake(socket);
    trim(socket);
  }

  readonly #heard = bySession((session, event: string, ...args: unknown[]) => void this.#serve(session, event, args));

  readonly #gone = bySession((session) => {
    session.stop();
    this.drain.delete(session);
    session.leaveName?.();
    // There is no other namespace: a connection without a socket is of use to nobody.
    session.socket.conn.close();
    this.metrics.clients.dec({ transport: 'socketio' });
  });

  #subscribe: Handle = async (session, body, answer) => {
    const { filter, cursor, compress = false } = subscribeSchema.parse(body ?? {});
    const request = { compress, ...(filter && { filter }), ...(cursor !== undefined && { cursor }) };
    const dictionary = compress ? { dictionary: DICTIONARY } : {};
    await session.subscribe(within(session, request), (at) => answer({ ok: true, cursor: at, ...dictionary }));
  };

  #updateFilter: Handle = (session, body, answer) => {
    const { filter } = within(session, updateFilterSchema.parse(body));
    answer({ ok: true, cursor: session.updateFilter(filter) });
  };

  #history: Handle = async ({ client }, body, answer) => {
    answer({ ok: true, ...(await readHistory(this.posts, client, historySchema.parse(body ?? {}))) });
  };

  readonly #handles = new Map<string, Handle>(
    Object.entries({
      subscribe: this.#subscribe,
      'update-filter': this.#updateFilter,
      history: this.#history,
    } satisfies Record<(typeof EVENTS)[number], Handle>),
  );

  /** `args`: what the client sent, and its acknowledgement if it wants one. */
  async #serve(session: ClientSession, event: string, args: unknown[]): Promise<void> {
    const { socket } = session;
    const ack = typeof args.at(-1) === 'function' ? args.pop() : undefined;
    const answer = answerTo(socket, ack);
    try {
      this.#spend(session);
      const handle = this.#handles.get(event);
      if (handle === undefined) {
        throw new HubError('bad_request', `There is no such event: send one of ${EVENTS.join(', ')}.`);
      }
      if (!socket.connected) throw new HubError('shutting_down', 'This connection is closed.');
      await handle(session, args.length > 1 ? args : args[0], answer);
    } catch (error) {
      if (isUnexpected(error)) this.#logger.error(error);
      answer({ ok: false, error: toWireError(error) });
    }
  }

  /**
   * Counts a message, except the first, which the connect has paid for: who was let in may say what for. Throws
   * RateLimitedError; who does not heed it is sent away.
   */
  #spend(session: ClientSession): void {
    try {
      if (session.hasSpoken) this.access.spend(session.client);
      session.hasSpoken = true;
      session.refused = 0;
    } catch (error) {
      if (++session.refused === MAX_REFUSED) void session.sendAway(toWireError(error));
      throw error;
    }
  }
}

/** One listener for all sockets. */
function bySession<A extends unknown[]>(work: (session: ClientSession, ...args: A) => void) {
  return function (this: HubSocket, ...args: A): void {
    if (this.data.session !== undefined) work(this.data.session, ...args);
  };
}

/** A request with the filter that its client may have. */
function within<R extends Pick<SubscribeRequest, 'filter'>>({ client }: ClientSession, request: R) {
  return { ...request, filter: narrowFilter(client.filter, request.filter ?? {}) };
}
