/** The time that the server lives in: the machine's, unless a test makes it run faster. Milliseconds. */
export interface SimulatorClock {
  /** Since 1970. */
  now: () => number;
  /** Calls again and again; returns what ends it. */
  every(ms: number, act: () => void): () => void;
}

export const SYSTEM_CLOCK: SimulatorClock = {
  now: () => Date.now(),
  every: (ms, act) => {
    const timer = setInterval(act, ms);
    return () => clearInterval(timer);
  },
};
