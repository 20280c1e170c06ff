import type { ClientToServerEvents, ErrorCode, ServerToClientEvents, WireError } from '@hub/contracts';
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

/** What a failed connect leaves behind: the hub's error, or the answer to the last attempt over HTTP. */
type ConnectError = Error & { data?: unknown; context?: HttpAnswer };

interface HttpAnswer {
  responseText?: string;
  getResponseHeader(name: string): string | null;
}

const DOOR_WORDS = /"message":"(forbidden|rate_limited|shutting_down|unavailable): ([^"]+)"/;

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
export function connectFailure(url: string, error: Error): HubClientError {
  const refusal = refusalIn(error);
  return refusal === undefined ? unreachable(url, error) : new HubClientError(refusal, { cause: error });
}

/** What a hub said that let nobody in; undefined: it was none that spoke. */
export function refusalIn(error: ConnectError): WireError | undefined {
  const { data, context } = error;
  if (typeof data !== 'object' || data === null) return context && refusalAtDoor(context);
  const { code, message } = data as { code?: unknown; message?: unknown };
  return typeof code === 'string' && typeof message === 'string' ? (data as WireError) : undefined;
}

/** Before anybody is asked who it is, a hub answers `{ message: '<code>: <words>' }` over HTTP. */
function refusalAtDoor(response: HttpAnswer): WireError | undefined {
  const [, code, message] = DOOR_WORDS.exec(response.responseText ?? '') ?? [];
  if (code === undefined || message === undefined) return undefined;
  const seconds = Number(response.getResponseHeader('retry-after'));
  return {
    code: code as ErrorCode,
    message,
    retryable: code !== 'forbidden',
    ...(seconds > 0 && { retry_after: seconds }),
  };
}

export function unreachable(url: string, cause: Error): HubClientError {
  return new HubClientError({ code: 'unavailable', message: `No hub answers at ${url}.`, retryable: true }, { cause });
}
