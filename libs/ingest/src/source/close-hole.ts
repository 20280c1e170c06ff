import { Logger } from '@nestjs/common';
import { aborted } from '../pause.ts';
import { askAgain, type Retry } from './ask-again.ts';
import { catchUp, type CatchUpResult, type Hole } from './catch-up.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { OpenGap } from './gap-list.ts';
import { isRefusal, ServerApiError } from './server-api.ts';

export interface HoleToClose extends Hole {
  checkpoint: Checkpoint;
  source: string;
  /** When live events began to flow again, milliseconds since 1970. */
  liveSince: number;
  /**
   * A server subscribes a moment after it has accepted the connection: what is published in between comes by the
   * timeline alone, which is therefore read so much later. Milliseconds.
   */
  settleMs: number;
  retry: Retry;
  /** Takes a gap that may be closed later, durably. */
  tryLater: (gap: OpenGap) => Promise<void>;
}

/** Half an hour: then the gap should be seen. */
export const HOLE_PACE = { settleMs: 1000, retry: { base: 5000, cap: 60_000, patience: 30 * 60_000 } };

type Result = CatchUpResult | 'refused' | 'unavailable';

/**
 * Makes up for what was missed before the stream was live, while live events already flow; what cannot be made up for
 * is recorded as a gap. If it is stopped, the checkpoint stays where it was and the next connection does it again.
 */
export async function closeHole(hole: HoleToClose, signal: AbortSignal): Promise<void> {
  const { checkpoint, liveSince } = hole;
  checkpoint.hold();
  await hole.clock.pause(hole.settleMs, signal);
  const result = checkpoint.start === undefined ? 'refused' : await persist(hole, signal);
  if (!signal.aborted && result !== 'closed') await record(hole, result, signal);
  if (!signal.aborted) checkpoint.release(liveSince);
}

async function persist({ retry, source, ...hole }: HoleToClose, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) return 'stopped';
  const onFailure = ({ message }: ServerApiError) =>
    new Logger('Ingest').warn(
      `${source} ${hole.stream}: what was missed cannot be read at present (${message}); it is tried again.`,
    );
  try {
    return await askAgain(() => catchUp(hole, signal), { clock: hole.clock, retry, signal, onFailure });
  } catch (error) {
    if (!(error instanceof ServerApiError)) throw error;
    if (signal.aborted) return 'stopped';
    return isRefusal(error) ? 'refused' : 'unavailable';
  }
}

/** The gap is told at once, and tried again later where that can help. */
async function record(hole: HoleToClose, result: Result, signal: AbortSignal): Promise<void> {
  const { checkpoint, lane, liveSince, source, stream } = hole;
  const gap = { from: checkpoint.at ?? liveSince, to: liveSince, reason: 'backfill_incomplete' };
  const [from, to] = [new Date(gap.from), new Date(gap.to)];
  const { start } = checkpoint;
  const again = start !== undefined && result !== 'not_paged';
  const words = `${source} ${stream}: posts from ${from.toISOString()} to ${to.toISOString()} could not be made up for (${result})`;
  new Logger('Ingest').warn(`${words}${again ? '; it is tried again for a day.' : '.'}`);
  await Promise.race([lane.emitGap({ from, to, reason: gap.reason, closedAt: undefined }), aborted(signal)]);
  if (again && !signal.aborted) await hole.tryLater({ ...gap, start });
}
