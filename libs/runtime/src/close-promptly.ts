import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * A server that is closed answers what is under way and ends idle connections; but Node's waits also for those on which
 * nothing was ever asked (browsers open them ahead of need, and keep them), and for seconds after the last answer.
 * This makes it wait for answers alone, whoever closes it: Socket.IO does so before Nest.
 */
export function closePromptly(server: Server): void {
  const unused = new Set<Socket>();
  // One function for all connections, which keep it no longer than they must: some are thousands that stay.
  function closed(this: Socket): void {
    unused.delete(this);
  }
  const used = ({ socket }: IncomingMessage) => {
    if (unused.delete(socket)) socket.off('close', closed);
  };
  // As the last to listen: Socket.IO hands its requests to nobody who did so before it.
  server.once('listening', () => void server.on('request', used).on('upgrade', used));
  server.on('connection', (socket) => void unused.add(socket.on('close', closed)));
  const close = server.close.bind(server);
  server.close = (done) => {
    close(done);
    // Of a millisecond: 0 would be for ever.
    server.keepAliveTimeout = 1;
    for (const socket of unused) socket.destroy();
    return server;
  };
}
