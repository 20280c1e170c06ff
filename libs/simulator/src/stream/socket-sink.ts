import { WebSocket } from 'ws';
import type { Sink } from './streams.ts';

/** What a connection may hold for a reader that does not keep up, in bytes. */
export const MAX_PENDING_BYTES = 16 * 1024 * 1024;

/** A WebSocket connection; one that answers no ping until the next is cut. */
export class SocketSink implements Sink {
  readonly kind = 'websocket';
  private readonly socket: WebSocket;
  private alive = true;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('pong', () => {
      this.alive = true;
    });
  }

  write(text: string): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.socket.bufferedAmount > MAX_PENDING_BYTES) this.cut();
    else this.socket.send(text);
  }

  heartbeat(): void {
    if (!this.alive) return this.cut();
    this.alive = false;
    this.socket.ping();
  }

  cut(): void {
    this.socket.terminate();
  }
}
