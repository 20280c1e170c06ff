import { WebSocketServer, type ServerOptions } from 'ws';

/** How long a WebSocket that is closed here waits for its client's goodbye. ws would wait 30 s, and a stop with it. */
const GOODBYE = { closeTimeout: 1000 };

/** For Socket.IO's `wsEngine`, and for itself. */
export class PromptWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super(Object.assign({}, options, GOODBYE));
  }
}
