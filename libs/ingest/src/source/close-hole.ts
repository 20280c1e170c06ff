import { Logger } from '@nestjs/common';
import { backoff } from '../backoff.ts';
import { aborted, pause } from '../pause.ts';
import { catchUp, type CatchUpResult, type Hole } from './catch-up.ts';
import { ServerApiError } from './server-api.ts';

export interface HoleToClose extends Hole {
  source: string;
  /** When live events began to flow again, milliseconds since 1970. */
  liveSince: number;
  /**
   * A server subscribes a moment after it has accepted the connection: what is published in between comes by the
   * timeline alone, which is therefore read so much later. Milliseconds.
   */
  settleMs: number;
  retry: Retry;
}

/** How often, and for how long, what a server cannot give at present is asked for again. Milliseconds. */
interface Retry {
  base: number;
  cap: number;
  patience: number;
}

/**
 * Makes up for what was missed before the stream was live, while live events already flow; what cannot be made up for
 * is recorded as a gap. If it is stopped, the checkpoint stays where it was and the next connection does it again.
 */
export async function closeHole(hole: HoleToClose, signal: AbortSignal): Promise<void> {
  const { checkpoint, lane, liveSince, source, stream } = hole;
  const from = checkpoint.at ?? liveSince;
  checkpoint.hold();
  await pause(hole.settleMs, signal);
  const result = checkpoint.start === undefined ? 'refused' : await persist(hole, signal);
  if (signal.aborted) return;
  if (result !== 'closed') {
    const gap = { from: new Date(checkpoint.at ?? from), to: new Date(liveSince), reason: 'backfill_incomplete' };
    new Logger('Ingest').warn(
      `${source} ${stream}: posts from ${gap.from.toISOString()} to ${gap.to.toISOString()} could not be made up for (${result}).`,
    );
    await Promise.race([lane.emitGap(gap), aborted(signal)]);
    if (signal.aborted) return;
  }
  checkpoint.release(liveSince);
}

/** Asks again while that can help: a server that is overloaded or away comes back, one that refuses stays by it. */
async function persist(
  { retry, source, ...hole }: HoleToClose,
  signal: AbortSignal,
): Promise<CatchUpResult | 'refused' | 'unavailable'> {
  const deadline = Date.now() + retry.patience;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await catchUp(hole, signal);
    } catch (error) {
      if (!(error instanceof ServerApiError)) throw error;
      if (error.status >= 400 && error.status < 500 && error.status !== 429) return 'refused';
      if (Date.now() > deadline) return 'unavailable';
      const words = `${source} ${hole.stream}: what was missed cannot be read at present (${error.message}); it is tried again.`;
      if (attempt === 1 && !signal.aborted) new Logger('Ingest').warn(words);
      await pause(backoff(attempt, retry), signal);
    }
  }
  return 'stopped';
}
