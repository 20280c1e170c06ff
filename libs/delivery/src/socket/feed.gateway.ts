import { Inject, Logger } from '@nestjs/common';
import {
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { HubError, type SubscribeRequest } from '@hub/contracts';
import type { Server } from 'socket.io';
import { STORE, type PostReader } from '@hub/storage';
import { Access } from '../access/access.ts';
import { narrowFilter } from '../access/narrow-filter.ts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { Feed } from '../feed/feed.ts';
import { DeliveryMetrics } from '../metrics.ts';
import { readHistory } from '../read-history.ts';
import { historySchema, subscribeSchema, updateFilterSchema } from '../requests.ts';
import { Drain } from '../streams/drain.ts';
import { isUnexpected, toWireError, wireError } from '../wire-error.ts';
import { answerTo, type Answer } from './answer-to.ts';
import { ClientSession } from './client-session.ts';
import { DICTIONARY } from './dictionary.ts';
import { clientOf, guardSockets } from './guard-sockets.ts';
import { limitMessages } from './limit-messages.ts';
import type { HubSocket } from './socket-sink.ts';

/** Requests are small; posts only go out. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/**
 * Offered to stock clients: their frames are deflated once for all of them, so no message may build on another, and
 * nothing is deflated for a connection of its own (262 KB each).
 */
const DEFLATE = { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: Number.MAX_SAFE_INTEGER };
/** What clients may send. */
export const EVENTS: readonly string[] = ['subscribe', 'update-filter', 'history'];

type Handle = (session: ClientSession, body: unknown, answer: (answer: Answer) => void) => void | Promise<void>;

/** The feed over Socket.IO. One subscription a socket; a new one takes the place of the old. */
@WebSocketGateway({ maxHttpBufferSize: MAX_MESSAGE_BYTES, perMessageDeflate: DEFLATE })
export class FeedGateway implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect {
  readonly #logger = new Logger(FeedGateway.name);
  readonly #sessions = new Map<HubSocket, ClientSession>();

  constructor(
    private readonly feed: Feed,
    @Inject(STORE) private readonly posts: PostReader,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
    private readonly metrics: DeliveryMetrics,
    private readonly access: Access,
    private readonly drain: Drain,
  ) {}

  afterInit(server: Server): void {
    guardSockets(server, this.access, this.drain, this.options.allowedOrigins);
  }

  handleConnection(socket: HubSocket): void {
    const client = clientOf(socket);
    const session = new ClientSession(socket, client, this.feed, this.options, this.metrics);
    this.#sessions.set(socket, session);
    this.metrics.clients.inc({ transport: 'socketio' });
    socket.once(
      'disconnect',
      this.drain.add(() => session.shutDown()),
    );
    const sendAway = (error: unknown) => void session.sendAway(toWireError(error));
    limitMessages(socket, () => this.access.spend(client), sendAway);
    try {
      socket.once('disconnect', this.access.enterName(client, sendAway));
    } catch (error) {
      sendAway(error);
    }
    // Not by Nest's decorators: what they keep for each socket is more than all else that a waiting client costs.
    socket.on('subscribe', (...args: unknown[]) => void this.#serve(socket, session, this.#subscribe, args));
    socket.on('update-filter', (...args: unknown[]) => void this.#serve(socket, session, this.#updateFilter, args));
    socket.on('history', (...args: unknown[]) => void this.#serve(socket, session, this.#history, args));
    socket.onAny((event: string, ...args: unknown[]) => {
      if (EVENTS.includes(event)) return;
      const error = wireError('bad_request', `There is no such event: send one of ${EVENTS.join(', ')}.`);
      answerTo(socket, args.at(-1))({ ok: false, error });
    });
  }

  handleDisconnect(socket: HubSocket): void {
    const session = this.#sessions.get(socket);
    if (session === undefined) return;
    session.stop();
    // There is no other namespace: a connection without a socket is of use to nobody.
    socket.conn.close();
    this.#sessions.delete(socket);
    this.metrics.clients.dec({ transport: 'socketio' });
  }

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

  /** `args`: what the client sent, and its acknowledgement if it wants one. */
  async #serve(socket: HubSocket, session: ClientSession, handle: Handle, args: unknown[]): Promise<void> {
    const ack = typeof args.at(-1) === 'function' ? args.pop() : undefined;
    const answer = answerTo(socket, ack);
    try {
      if (!this.#sessions.has(socket)) throw new HubError('shutting_down', 'This connection is closed.');
      await handle(session, args.length > 1 ? args : args[0], answer);
    } catch (error) {
      if (isUnexpected(error)) this.#logger.error(error);
      answer({ ok: false, error: toWireError(error) });
    }
  }
}

/** A request with the filter that its client may have. */
function within<R extends Pick<SubscribeRequest, 'filter'>>({ client }: ClientSession, request: R) {
  return { ...request, filter: narrowFilter(client.filter, request.filter ?? {}) };
}
