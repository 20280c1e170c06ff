import type { ClientToServerEvents, Gap, PostsFrame, ServerToClientEvents, WireError } from '@hub/contracts';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';

export type StockSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** What a stock Socket.IO client has received. */
export interface Listener extends Disposable {
  socket: StockSocket;
  /** The same, without types: for what a client must not send. */
  raw: Socket;
  events: PostsFrame['events'];
  frames: PostsFrame[];
  gaps: (Gap & { cursor: string })[];
  errors: WireError[];
  /** Resolves when a condition holds, asked at each message. */
  until(condition: () => boolean): Promise<void>;
}

/** A stock client that writes down what it gets. */
export async function listen(url: string, options: Partial<ManagerOptions & SocketOptions> = {}): Promise<Listener> {
  const raw: Socket = io(url, { forceNew: true, transports: ['websocket'], ...options });
  const socket: StockSocket = raw;
  const waiting = new Set<() => void>();
  const listener: Listener = {
    socket,
    raw,
    events: [],
    frames: [],
    gaps: [],
    errors: [],
    until: (condition) =>
      new Promise((resolve) => {
        const check = () => {
          if (condition() && waiting.delete(check)) resolve();
        };
        waiting.add(check);
        check();
      }),
    [Symbol.dispose]: () => void socket.disconnect(),
  };
  const told = () => waiting.forEach((check) => check());
  socket.on('posts', (frame) => {
    listener.frames.push(frame);
    listener.events.push(...frame.events);
    told();
  });
  socket.on('gap', (gap) => (listener.gaps.push(gap), told()));
  socket.on('error', (error) => (listener.errors.push(error), told()));
  await new Promise<void>((resolve, reject) => void socket.once('connect', resolve).once('connect_error', reject));
  return listener;
}
