import type { Simulation } from '../simulation.ts';

export interface SimulatorStats {
  /** Events a second that are asked for. */
  rate: number;
  running: boolean;
  connections: { websocket: number; sse: number };
  /** Listeners by stream, such as `public` or `hashtag/cats`. */
  subscriptions: Record<string, number>;
  /** Frames written to connections. */
  framesSent: number;
  /** Requests refused for the rate limit. */
  requestsRefused: number;
  /** Requests in all, the most of one client in five minutes, and those of clients that had been told to wait. */
  requests: number;
  requestsPeak: number;
  requestsImpatient: number;
}

export function statsOf({ pacer, streams, limiter }: Simulation): SimulatorStats {
  return {
    rate: pacer.perSecond,
    running: pacer.running,
    connections: { websocket: streams.count('websocket'), sse: streams.count('sse') },
    subscriptions: streams.subscriptions(),
    framesSent: streams.sent,
    requestsRefused: limiter.refused,
    requests: limiter.total,
    requestsPeak: limiter.peak,
    requestsImpatient: limiter.impatient,
  };
}
