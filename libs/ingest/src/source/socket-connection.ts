import { WebSocket } from 'ws';
import { SYSTEM_CLOCK, type Clock } from '../clock.ts';
import { describe, refusal, type Connection, type ConnectionEnd } from './connection.ts';

export interface SocketOptions {
  url: URL;
  headers: Record<string, string>;
  /** Ends the connection when nothing at all, not even an answer to a ping, came for so long. */
  idleMs: number;
  clock?: Clock;
  onMessage: (text: string) => void;
}

/** Largest frame: posts have some 3 KB, rarely 100. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 15_000;

/** One attempt at a stream over a WebSocket. */
export class SocketConnection implements Connection {
  readonly opened: Promise<boolean>;
  readonly ended: Promise<ConnectionEnd>;
  readonly #socket: WebSocket;
  readonly #end: (end: ConnectionEnd) => void;
  readonly #now: () => number;
  #lastSign: number;

  constructor({ url, headers, idleMs, onMessage, clock = SYSTEM_CLOCK }: SocketOptions) {
    const opened = Promise.withResolvers<boolean>();
    const ended = Promise.withResolvers<ConnectionEnd>();
    this.#now = clock.now;
    this.#lastSign = clock.now();
    this.opened = opened.promise;
    this.ended = ended.promise;
    this.#end = ended.resolve;
    this.#socket = new WebSocket(url, {
      headers,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    });
    this.#watch(onMessage, opened.resolve);
    const stopChecking = clock.every(idleMs / 3, () => this.#checkIdle(idleMs));
    void this.ended.then(() => stopChecking());
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#lastSign = this.#now();
    this.#socket.resume();
  }

  close(end: ConnectionEnd): void {
    this.#end(end);
    this.#socket.terminate();
  }

  #watch(onMessage: (text: string) => void, onOpened: (open: boolean) => void): void {
    const socket = this.#socket;
    const sign = () => {
      this.#lastSign = this.#now();
    };
    socket.on('open', () => onOpened(true));
    socket.on('ping', sign).on('pong', sign);
    socket.on('message', (data: Buffer) => {
      sign();
      onMessage(data.toString('utf8'));
    });
    socket.on('unexpected-response', (_, response) => this.close(refusal(response)));
    socket.on('error', (error) => this.#end({ cause: 'failed', detail: describe(error) }));
    socket.on('close', (code, reason) => {
      const detail = reason.length > 0 ? reason.toString('utf8') : `code ${code}`;
      this.#end({ cause: 'closed', detail });
      onOpened(false);
    });
  }

  #checkIdle(idleMs: number): void {
    const socket = this.#socket;
    if (socket.isPaused) this.#lastSign = this.#now();
    const quietMs = this.#now() - this.#lastSign;
    if (quietMs > idleMs)
      this.close({ cause: 'silent', detail: `no sign of life for ${Math.round(quietMs / 1000)} s` });
    else if (socket.readyState === WebSocket.OPEN) socket.ping();
  }
}
