import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { HubError, type Cursor, type Filter, type SubscribeRequest, type WireError } from '@hub/contracts';
import type { Client } from '../access/client.ts';
import { SlowClientError } from '../feed/slow-client.error.ts';
import type { Drained } from '../streams/drain.ts';
import { isUnexpected, toWireError, wireError } from '../wire-error.ts';
import { LiveSubscription, type Subscriber, type Surroundings } from './live-subscription.ts';
import type { HubSocket } from './socket-sink.ts';

/** How long a cursor may wait for the store's word before it counts as accepted. */
const CURSOR_GRACE_MS = 1000;
/** How long a client that is sent away has to take the reason. */
const FAREWELL_MS = 500;

const logger = new Logger('ClientSession');

/** One connected socket and its subscription. */
export class ClientSession implements Subscriber, Drained {
  readonly socket: HubSocket;
  readonly around: Surroundings;
  hasSpoken = false;
  /** Messages in a row that were too many. */
  refused = 0;
  /** Of a subscription that waits for its reader. */
  #opening: AbortController | undefined;
  #subscription: LiveSubscription | undefined;
  /** Gives back the place that the client has under its name. */
  leaveName: (() => void) | undefined;

  constructor(socket: HubSocket, around: Surroundings) {
    this.socket = socket;
    this.around = around;
  }

  get client(): Client {
    return this.socket.data.client;
  }

  /** Takes the place of the running subscription. `accepted` is called before the first frame goes out. */
  async subscribe(request: SubscribeRequest, accepted: (cursor: Cursor) => void): Promise<void> {
    this.stop();
    const stop = (this.#opening = new AbortController());
    const reader = await this.around.feed.reader(request.cursor, stop.signal);
    reader.onWaiting = (ahead) => void this.socket.emit('waiting', { ahead });
    try {
      await reader.accepted(CURSOR_GRACE_MS);
    } catch (error) {
      stop.abort();
      throw error;
    }
    if (stop.signal.aborted) throw new HubError('bad_request', 'Another subscription took the place of this one.');
    accepted(reader.cursor);
    this.#subscription = new LiveSubscription(this, request, { reader, stop });
    this.#opening = undefined;
  }

  /** Returns the position from which the filter holds. Throws a HubError of code not_subscribed. */
  updateFilter(filter: Filter): Cursor {
    const subscription = this.#subscription;
    if (subscription === undefined) throw new HubError('not_subscribed', 'There is no subscription: subscribe first.');
    const { cursor } = subscription;
    subscription.changeFilter(filter);
    return cursor;
  }

  stop(): void {
    this.#opening?.abort();
    this.#subscription?.stop();
    this.#opening = undefined;
    this.#subscription = undefined;
  }

  shutDown(): Promise<void> {
    return this.sendAway(wireError('shutting_down', 'This hub is shutting down: come back with the cursor.'));
  }

  fail(error: unknown): void {
    if (isUnexpected(error)) logger.error(error);
    if (error instanceof SlowClientError) {
      this.around.metrics.slowDisconnects.inc({ transport: 'socketio' });
      void this.sendAway(toWireError(error));
    } else {
      this.stop();
      this.socket.emit('error', toWireError(error));
    }
  }

  /** Closes the connection, not the namespace: stock clients then come back by themselves. */
  async sendAway(reason: WireError): Promise<void> {
    const cursor = this.#subscription?.cursor;
    this.stop();
    const { conn } = this.socket;
    if (conn.readyState === 'closed') return;
    const closed = new Promise<void>((resolve) => conn.once('close', () => resolve()));
    this.socket.emit('error', cursor === undefined ? reason : { ...reason, cursor });
    conn.close();
    await Promise.race([closed, delay(FAREWELL_MS, undefined, { ref: false })]);
    conn.close(true);
  }
}
