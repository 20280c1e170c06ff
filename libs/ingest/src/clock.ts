import { pause } from './pause.ts';

/** The time that a reader lives in: the machine's, unless a test makes it run faster. Milliseconds. */
export interface Clock {
  /** Since 1970. */
  now: () => number;
  /** Waits; returns at once when the signal is aborted, and never rejects. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls again and again; returns what ends it. */
  every(ms: number, act: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  pause,
  every: (ms, act) => {
    const timer = setInterval(act, ms);
    return () => clearInterval(timer);
  },
};
