import type { HistoryPage, HistoryRequest } from '@hub/contracts';
import { browserConnectivity, type Connectivity } from './connectivity.ts';
import { HubClientError } from './hub-client.error.ts';
import { HubSubscription, type ConnectionSettings, type SubscribeOptions } from './hub-subscription.ts';
import { connectFailure, createSocket, unreachable, type HubSocket, type Token } from './socket.ts';

const TIMEOUT_MS = 10_000;
const MAX_QUEUED = 1000;

export interface HubClientOptions {
  /** How long the hub may take to connect and to answer, in milliseconds; 10,000 unless told. */
  timeoutMs?: number;
  /** How many events of a subscription may wait for their consumer; 1,000 unless told. */
  maxQueued?: number;
  /** For hubs that ask for one. */
  token?: Token;
  /** Where the device's network is known other than by a browser's `online` events. */
  connectivity?: Connectivity;
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
  constructor(url: string, options: HubClientOptions = {}) {
    const { timeoutMs = TIMEOUT_MS, maxQueued = MAX_QUEUED, token, connectivity = browserConnectivity() } = options;
    this.#settings = { url, timeoutMs, maxQueued, token, connectivity };
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
    const socket = (this.#requests ??= createSocket(this.#settings));
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
    const { url, timeoutMs } = this.#settings;
    let forget = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const fail = (error: Error) => reject(connectFailure(url, error));
        const timer = setTimeout(() => fail(new Error('timeout')), timeoutMs);
        socket.once('connect', resolve).once('connect_error', fail).connect();
        forget = () => {
          clearTimeout(timer);
          socket.off('connect', resolve).off('connect_error', fail);
        };
      });
    } finally {
      forget();
    }
  }
}

export function connectHub(url: string, options?: HubClientOptions): HubClient {
  return new HubClient(url, options);
}
