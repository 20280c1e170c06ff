import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import type { WireError } from '@hub/contracts';
import type { Server } from 'socket.io';
import type { Access } from '../access/access.ts';
import { callerOf, type Client } from '../access/client.ts';
import { foreignOrigin, isAllowedOrigin, shareWith } from '../origins.ts';
import type { Drain } from '../streams/drain.ts';
import { isUnexpected, toWireError } from '../wire-error.ts';
import type { HubSocket } from './socket-sink.ts';

/** A connection of engine.io, before it is anybody's socket. */
interface Connection {
  request: IncomingMessage;
  once(event: 'close', listener: () => void): void;
  close(): void;
}

const logger = new Logger('Sockets');
const clients = new WeakMap<HubSocket, Client>();

/** Who is behind a socket that `guardSockets` has let in. */
export function clientOf(socket: HubSocket): Client {
  const client = clients.get(socket);
  if (client === undefined) throw new Error('this socket was not guarded');
  return client;
}

/**
 * Lets in whom Access admits: at the handshake by origin and address (403, a message that begins with the code, and
 * `Retry-After`), at the namespace by `auth.token` or what HTTP takes (`connect_error` whose `data` is the error).
 */
export function guardSockets(server: Server, access: Access, drain: Drain, allowedOrigins: readonly string[]): void {
  const { engine } = server;
  const answers = new WeakMap<IncomingMessage, ServerResponse>();
  engine.use(shareWith(allowedOrigins));
  engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    answers.set(request, response);
    next();
  });
  // Browsers do not hold WebSockets to CORS: the server looks at the origin itself.
  engine.opts.allowRequest = (request, answer) => {
    const refusal = attempt(() => {
      if (!isAllowedOrigin(request, allowedOrigins)) throw foreignOrigin();
      drain.check();
      access.knock(access.addressOf(callerOf(request)));
    });
    if (refusal?.retry_after !== undefined) answers.get(request)?.setHeader('Retry-After', refusal.retry_after);
    answer(refusal && `${refusal.code}: ${refusal.message}`, refusal === undefined);
  };
  engine.on('connection', (connection: Connection) => {
    const { request } = connection;
    const full = attempt(() => connection.once('close', access.enterAddress(access.addressOf(callerOf(request)))));
    if (full !== undefined) connection.close();
  });
  server.use((socket, next) => void admit(socket, access, next));
}

async function admit(socket: HubSocket, access: Access, next: (refusal?: Error) => void): Promise<void> {
  next(await refusalOf(socket, access));
}

async function refusalOf(socket: HubSocket, access: Access): Promise<Error | undefined> {
  const caller = callerOf(socket.request);
  const token: unknown = socket.handshake.auth['token'];
  try {
    clients.set(socket, await access.admit(typeof token === 'string' ? { ...caller, credential: token } : caller));
    return undefined;
  } catch (error) {
    if (isUnexpected(error)) logger.error(error);
    const data = toWireError(error);
    return Object.assign(new Error(data.message), { data });
  }
}

/** What went wrong, if anything did. */
function attempt(work: () => void): WireError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (isUnexpected(error)) logger.error(error);
    return toWireError(error);
  }
}
