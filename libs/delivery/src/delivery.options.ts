import type { AccessOptions, Limits } from './access/access.options.ts';

/** Injection token of the complete DeliveryOptions. */
export const DELIVERY_OPTIONS = Symbol('DeliveryOptions');

export interface DeliveryOptions {
  /** Origins of web pages on other hosts that may read, such as https://wall.example; '*' is any. Pages of this host always may. */
  allowedOrigins: readonly string[];
  /** Under load a client gets at most one frame in this time; a lone event goes out at once. Milliseconds. */
  frameIntervalMs: number;
  /** Memory for the newest part of the feed, shared by all clients. */
  logBytes: number;
  /** A live client with more than this waiting in its connection is fed from the shared log at its own pace. */
  clientBufferBytes: number;
  /** A client that takes nothing for so long is disconnected. Milliseconds. */
  stallTimeoutMs: number;
  access: AccessOptions;
  limits: Limits;
  /** Addresses and subnets (CIDR) of proxies whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[];
  /** When it stops, its clients are sent away over so long, or faster if they are few. Milliseconds. */
  drainMs: number;
  /** Where readers that speak gRPC are served; none: nowhere. */
  grpc?: { host: string; port: number };
}

export const DELIVERY_DEFAULTS: DeliveryOptions = {
  allowedOrigins: [],
  frameIntervalMs: 100,
  logBytes: 64 * 1024 * 1024,
  clientBufferBytes: 1024 * 1024,
  stallTimeoutMs: 30_000,
  access: { mode: 'open', apiKeys: [] },
  limits: { clients: Infinity, clientsPerAddress: Infinity, requestsPerMinute: Infinity, replays: 16 },
  trustedProxies: [],
  drainMs: 5000,
};
