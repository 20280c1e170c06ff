import type { ClientToServerEvents, ServerToClientEvents } from '@hub/contracts';
import { io, type Socket } from 'socket.io-client';
import { HubClientError } from './hub-client.error.ts';

export type HubSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

const RECONNECT_MAX_MS = 10_000;

/** A connection of its own that is not opened yet. Opened, it comes back by itself after failures, at growing and varied intervals. */
export function createSocket(url: string, timeoutMs: number): HubSocket {
  return io(url, {
    autoConnect: false,
    forceNew: true,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    timeout: timeoutMs,
    reconnectionDelayMax: RECONNECT_MAX_MS,
  });
}

export function unreachable(url: string, cause: Error): HubClientError {
  return new HubClientError({ code: 'unavailable', message: `No hub answers at ${url}.` }, { cause });
}
