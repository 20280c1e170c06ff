import type { ClientToServerEvents, ServerToClientEvents } from '@hub/contracts';
import { io, type Socket } from 'socket.io-client';
import { frameParser } from './frame-parser.ts';
import { HubClientError } from './hub-client.error.ts';

export type HubSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** Lets a client in where the hub asks for it; a function is asked at each connect. */
export type Token = string | (() => string | Promise<string>);

export interface SocketSettings {
  url: string;
  timeoutMs: number;
  token?: Token | undefined;
}

/** A connection of its own that is not opened yet and, once lost, stays so until `connect` is called again. */
export function createSocket({ url, timeoutMs, token }: SocketSettings): HubSocket {
  return io(url, {
    autoConnect: false,
    forceNew: true,
    reconnection: false,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    timeout: timeoutMs,
    parser: frameParser,
    ...(token !== undefined && { auth: (send: (data: object) => void) => void answer(token, send) }),
  });
}

/** Without a token the hub says why it refuses. */
async function answer(token: Token, send: (data: object) => void): Promise<void> {
  try {
    send({ token: typeof token === 'string' ? token : await token() });
  } catch {
    send({});
  }
}

/** Why a connect failed: what the hub said, or that none answers. */
export function connectFailure(url: string, error: Error & { data?: unknown }): HubClientError {
  const { data } = error;
  const said = typeof data === 'object' && data !== null ? (data as { code?: unknown; message?: unknown }) : {};
  if (typeof said.code !== 'string' || typeof said.message !== 'string') return unreachable(url, error);
  return new HubClientError(data as ConstructorParameters<typeof HubClientError>[0], { cause: error });
}

export function unreachable(url: string, cause: Error): HubClientError {
  return new HubClientError({ code: 'unavailable', message: `No hub answers at ${url}.`, retryable: true }, { cause });
}
