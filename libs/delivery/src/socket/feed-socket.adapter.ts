import { IoAdapter } from '@nestjs/platform-socket.io';

/**
 * Socket.IO for an application with the FeedGateway, which listens to its sockets itself. It works with Nest's own
 * adapter, too, but that keeps 2 KB of observables for each connection.
 */
export class FeedSocketAdapter extends IoAdapter {
  override bindMessageHandlers(): void {
    // The gateway has no handlers of Nest's kind.
  }

  override bindClientDisconnect(): void {
    // Nor does it ask Nest when a client goes.
  }
}
