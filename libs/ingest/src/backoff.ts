/** Exponential back-off with full jitter: somewhere between 0 and the doubled step, never above the cap. Milliseconds. */
export function backoff(attempt: number, { base, cap }: { base: number; cap: number }): number {
  return Math.random() * Math.min(cap, base * 2 ** Math.min(attempt, 30));
}
