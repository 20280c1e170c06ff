import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { HubError, type WireError } from '@hub/contracts';
import type { Server } from 'socket.io';
import type { Access } from '../access/access.ts';
import { callerOf } from '../access/client.ts';
import { securityHeaders } from '../http/answer-headers.ts';
import { foreignOrigin, isAllowedOrigin, shareWith } from '../origins.ts';
import type { Drain } from '../streams/drain.ts';
import { isUnexpected, toWireError } from '../wire-error.ts';
import type { HubSocket } from './socket-sink.ts';
import { dropInflater, dropResponses } from './wire.ts';

/** A connection of engine.io, before it is anybody's socket. */
interface Connection {
  request: IncomingMessage;
  transport: HubSocket['conn']['transport'];
  on(event: 'packet', listener: (this: Connection) => void): void;
  on(event: 'close', listener: () => void): void;
  close(): void;
}

const logger = new Logger('Sockets');
/** Handshakes that were counted where their clients come from, and by nobody since. */
const counted = new WeakSet<IncomingMessage>();
const RESPONSE = Symbol('response');

/** A request that carries the response to it; a WeakMap would have both survive each minor collection of garbage. */
interface Handshake extends IncomingMessage {
  [RESPONSE]?: ServerResponse;
}

/**
 * Lets in whom Access admits: at the handshake by origin and address (403, a message that begins with the code, and
 * `Retry-After`), at the namespace by `auth.token` or what HTTP takes (`connect_error` whose `data` is the error).
 * Who it is then stands in `socket.data`.
 */
export function guardSockets(server: Server, access: Access, drain: Drain, allowedOrigins: readonly string[]): void {
  const { engine } = server;
  dropResponses(engine);
  engine.use(shareWith(allowedOrigins));
  engine.use(setHeaders);
  engine.use((request: Handshake, response: ServerResponse, next: () => void) => {
    request[RESPONSE] = response;
    next();
  });
  // Browsers do not hold WebSockets to CORS: the server looks at the origin itself.
  engine.opts.allowRequest = (request: Handshake, answer) => {
    const refusal = attempt(() => {
      if (!isAllowedOrigin(request, allowedOrigins)) throw foreignOrigin();
      checkProtocol(request);
      drain.check();
      access.knock(access.addressOf(callerOf(request)));
      counted.add(request);
    });
    if (refusal?.retry_after !== undefined) request[RESPONSE]?.setHeader('Retry-After', refusal.retry_after);
    answer(refusal && `${refusal.code}: ${refusal.message}`, refusal === undefined);
  };
  engine.on('connection', (connection: Connection) => {
    const { request } = connection;
    const full = attempt(() => connection.on('close', access.enterAddress(access.addressOf(callerOf(request)))));
    if (full !== undefined) connection.close();
    connection.on('packet', dropOwnInflater);
  });
  server.use((socket, next) => void admit(socket, access, next));
}

/**
 * Lets go of the request that a socket came with, headers and token included, which would stay as long as the connection:
 * engine.io keeps it in two places.
 */
export function forgetHandshake(socket: HubSocket): void {
  Reflect.set(socket.conn, 'request', undefined);
  Reflect.set(socket, 'handshake', undefined);
}

/** Of what polls; WebSockets have none to heed. */
function setHeaders(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (request.headers.upgrade !== undefined) return next();
  response.setHeader('Cache-Control', 'no-store');
  securityHeaders(request, response, next);
}

/** engine.io would refuse it, too, but says nothing of what to do. */
function checkProtocol({ url = '' }: IncomingMessage): void {
  if (new URLSearchParams(url.split('?', 2)[1]).get('EIO') === '4') return;
  throw new HubError(
    'bad_request',
    'This hub speaks Socket.IO 4 (EIO=4): come with socket.io-client 3 or later, or the like.',
  );
}

async function admit(socket: HubSocket, access: Access, next: (refusal?: Error) => void): Promise<void> {
  next(await refusalOf(socket, access));
}

async function refusalOf(socket: HubSocket, access: Access): Promise<Error | undefined> {
  const caller = callerOf(socket.request);
  const token: unknown = socket.handshake.auth['token'];
  const isCounted = counted.delete(socket.request);
  try {
    const named = typeof token === 'string' ? { ...caller, credential: token } : caller;
    socket.data.client = await access.admit(named, isCounted);
    return undefined;
  } catch (error) {
    if (isUnexpected(error)) logger.error(error);
    const data = toWireError(error);
    return Object.assign(new Error(data.message), { data });
  }
}

/** One function for all connections. */
function dropOwnInflater(this: Connection): void {
  dropInflater(this);
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
