import type { HistoryPage, HistoryRequest } from '@hub/contracts';
import { HubClientError } from './hub-client.error.ts';
import { HubSubscription, type ConnectionSettings, type SubscribeOptions } from './hub-subscription.ts';
import { createSocket, unreachable, type HubSocket } from './socket.ts';

const TIMEOUT_MS = 10_000;
const MAX_QUEUED = 1000;

export interface HubClientOptions {
  /** How long the hub may take to connect and to answer, in milliseconds; 10,000 unless told. */
  timeoutMs?: number;
  /** How many events of a subscription may wait for their consumer; 1,000 unless told. */
  maxQueued?: number;
}

/**
 * Reads a hub.
 *
 *     const hub = connectHub('http://localhost:8080');
 *     for await (const { type, data, cursor } of hub.subscribe({ filter: { language: ['en'] } })) …
 */
export class HubClient {
  readonly #settings: ConnectionSettings;
  readonly #subscriptions = new Set<HubSubscription>();
  #requests: HubSocket | undefined;

  /** `url`: the hub's origin. Connects when something is asked. */
  constructor(url: string, { timeoutMs = TIMEOUT_MS, maxQueued = MAX_QUEUED }: HubClientOptions = {}) {
    this.#settings = { url, timeoutMs, maxQueued };
  }

  /** The live feed, from now or from a cursor on. Each subscription has its own connection. */
  subscribe(options: SubscribeOptions = {}): HubSubscription {
    const subscription = new HubSubscription(this.#settings, options, () => this.#subscriptions.delete(subscription));
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** A page of stored posts, newest first. Its `cursor` is where a subscription goes on without a gap. Rejects with HubClientError. */
  async history(request: HistoryRequest = {}): Promise<HistoryPage> {
    const { url, timeoutMs } = this.#settings;
    const socket = (this.#requests ??= createSocket(url, timeoutMs));
    await this.#connected(socket);
    const answer = await socket
      .timeout(timeoutMs)
      .emitWithAck('history', request)
      .catch((error: Error) => Promise.reject(unreachable(url, error)));
    if (!answer.ok) throw new HubClientError(answer.error);
    const { posts, before, cursor } = answer;
    return { posts, before, cursor };
  }

  /** Ends all subscriptions and closes all connections. */
  close(): void {
    for (const subscription of Array.from(this.#subscriptions)) subscription.close();
    this.#requests?.disconnect();
    this.#requests = undefined;
  }

  async #connected(socket: HubSocket): Promise<void> {
    if (socket.connected) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (error: Error) => reject(unreachable(this.#settings.url, error));
    const timer = setTimeout(() => fail(new Error('timeout')), this.#settings.timeoutMs);
    socket.once('connect', resolve).once('connect_error', fail).connect();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      socket.off('connect', resolve).off('connect_error', fail);
    }
  }
}

export function connectHub(url: string, options?: HubClientOptions): HubClient {
  return new HubClient(url, options);
}
