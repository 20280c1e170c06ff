import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { SYSTEM_CLOCK, type Clock } from '../clock.ts';
import { describe, refusal, type Connection, type ConnectionEnd } from './connection.ts';
import { SseParser, type ServerSentEvent } from './sse-parser.ts';

export interface SseOptions {
  url: URL;
  headers: Record<string, string>;
  /** Ends the connection when nothing at all, not even a heartbeat, came for so long. */
  idleMs: number;
  clock?: Clock;
  onEvent: (event: ServerSentEvent) => void;
}

const ANSWER_TIMEOUT_MS = 15_000;

/** One attempt at a stream of server-sent events, for servers that offer no WebSocket. */
export class SseConnection implements Connection {
  readonly opened: Promise<boolean>;
  readonly ended: Promise<ConnectionEnd>;
  readonly #end: (end: ConnectionEnd) => void;
  readonly #request: ClientRequest;
  #response: IncomingMessage | undefined;
  readonly #now: () => number;
  #lastSign: number;

  constructor({ url, headers, idleMs, onEvent, clock = SYSTEM_CLOCK }: SseOptions) {
    const opened = Promise.withResolvers<boolean>();
    const ended = Promise.withResolvers<ConnectionEnd>();
    this.#now = clock.now;
    this.#lastSign = clock.now();
    this.opened = opened.promise;
    this.ended = ended.promise;
    this.#end = ended.resolve;
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    this.#request = request(url, { headers: { ...headers, Accept: 'text/event-stream' }, agent: false });
    this.#request.on('error', (error) => this.close({ cause: 'failed', detail: describe(error) }));
    this.#request.on('response', (response) => {
      if (this.#accept(response, onEvent)) opened.resolve(true);
    });
    this.#request.end();
    const late = () => this.close({ cause: 'failed', detail: 'no answer in time' });
    const patience = setTimeout(late, ANSWER_TIMEOUT_MS);
    const stopChecking = clock.every(idleMs / 3, () => this.#checkIdle(idleMs));
    void this.opened.then(() => clearTimeout(patience));
    void this.ended.then(() => {
      stopChecking();
      opened.resolve(false);
    });
  }

  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#lastSign = this.#now();
    this.#response?.resume();
  }

  close(end: ConnectionEnd): void {
    this.#end(end);
    this.#request.destroy();
  }

  #accept(response: IncomingMessage, onEvent: (event: ServerSentEvent) => void): boolean {
    const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
    if (response.statusCode !== 200 || !isStream) {
      this.close(refusal(response));
      return false;
    }
    const parser = new SseParser();
    this.#response = response.setEncoding('utf8');
    response.on('data', (piece: string) => {
      this.#lastSign = this.#now();
      try {
        parser.push(piece).forEach(onEvent);
      } catch (error) {
        this.close({ cause: 'failed', detail: error instanceof Error ? error.message : String(error) });
      }
    });
    response.on('close', () => this.close({ cause: 'closed', detail: 'the server ended the stream' }));
    response.on('error', (error) => this.close({ cause: 'closed', detail: describe(error) }));
    return true;
  }

  #checkIdle(idleMs: number): void {
    if (this.#response === undefined || this.#response.isPaused()) this.#lastSign = this.#now();
    const quietMs = this.#now() - this.#lastSign;
    if (quietMs > idleMs)
      this.close({ cause: 'silent', detail: `no sign of life for ${Math.round(quietMs / 1000)} s` });
  }
}
