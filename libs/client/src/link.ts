import type { Connectivity } from './connectivity.ts';
import { createSocket, type HubSocket, type SocketSettings } from './socket.ts';

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;

export interface LinkSettings extends SocketSettings {
  connectivity: Connectivity;
}

export interface LinkHandlers {
  connected(): void;
  /** A connect failed: `retry` or `close`. */
  failed(error: Error): void;
  /** The connection is lost, or an attempt failed, or the device's network came or went meanwhile. */
  down(isOnline: boolean): void;
}

/**
 * A connection that is taken up again whenever it is lost: at growing intervals, varied so that the clients of a hub
 * that went do not come back all at once, and as soon as the device is online again.
 */
export class Link {
  readonly socket: HubSocket;
  readonly #connectivity: Connectivity;
  readonly #handlers: LinkHandlers;
  #isOpen = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unwatch: (() => void) | undefined;

  constructor(settings: LinkSettings, handlers: LinkHandlers) {
    this.#connectivity = settings.connectivity;
    this.#handlers = handlers;
    this.socket = createSocket(settings);
    this.socket
      .on('connect', () => handlers.connected())
      .on('connect_error', (error) => handlers.failed(error))
      .on('disconnect', (reason) => reason !== 'io client disconnect' && this.retry());
  }

  open(): void {
    this.#isOpen = true;
    this.#unwatch ??= this.#connectivity.onChange(() => this.#networkChanged());
    this.#attempt();
  }

  /** Drops the connection and comes back in a while, no sooner than told, unless it is closed. */
  retry(leastMs = 0): void {
    if (!this.#isOpen) return;
    this.socket.disconnect();
    clearTimeout(this.#timer);
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#failures++, MAX_WAIT_MS);
    this.#timer = setTimeout(() => this.#attempt(), leastMs + wait * (0.5 + Math.random() / 2));
    this.#handlers.down(this.#connectivity.isOnline());
  }

  /** All is well: the next loss is followed by a short wait. */
  steady(): void {
    this.#failures = 0;
  }

  /** Until `open` is called again. */
  close(): void {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.socket.disconnect();
  }

  #attempt(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.socket.connect();
  }

  #networkChanged(): void {
    if (this.#timer === undefined) return;
    const isOnline = this.#connectivity.isOnline();
    this.#handlers.down(isOnline);
    if (!isOnline) return;
    this.#failures = 0;
    this.#attempt();
  }
}
