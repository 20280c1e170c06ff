import type { ClientToServerEvents, FeedEvent, Gap, ServerToClientEvents } from '@hub/contracts';
import { io, type Socket } from 'socket.io-client';

/** A stock Socket.IO client that comes back with its cursor and writes down all that it gets. */
export class Recorder {
  readonly events: FeedEvent[] = [];
  readonly gaps: Gap[] = [];
  readonly errors: string[] = [];
  cursor: string | undefined;
  /** How often a gateway that stops has sent it away. */
  farewells = 0;
  private readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;

  /** @param cursor where to begin; not given: now */
  constructor(url: string, cursor?: string) {
    this.cursor = cursor;
    this.socket = io(url, { transports: ['websocket'], reconnectionDelay: 50, reconnectionDelayMax: 200 });
    this.socket.on('connect', () => this.subscribe());
    this.socket.on('posts', ({ cursor, events }) => {
      this.cursor = cursor;
      this.events.push(...events);
    });
    this.socket.on('gap', ({ cursor, ...gap }) => {
      this.cursor = cursor;
      this.gaps.push(gap);
    });
    this.socket.on('error', ({ code }) => {
      if (code === 'shutting_down') this.farewells++;
      else this.errors.push(code);
    });
  }

  close(): void {
    this.socket.disconnect();
  }

  private subscribe(): void {
    this.socket.emit('subscribe', this.cursor === undefined ? {} : { cursor: this.cursor }, (answer) => {
      if (answer.ok) this.cursor ??= answer.cursor;
      else this.errors.push(answer.error.code);
    });
  }
}
