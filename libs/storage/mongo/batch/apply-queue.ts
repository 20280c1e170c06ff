import type { Change, Outcome } from '@hub/storage';

type Apply = (changes: readonly Change[]) => Promise<readonly Outcome[]>;

interface Call {
  changes: readonly Change[];
  resolve: (outcomes: readonly Outcome[]) => void;
  reject: (error: unknown) => void;
}

/** Changes that are applied together at most, unless one call brings more. */
const TOGETHER = 1_000;

/**
 * Applies calls in the order in which they were made. Those that wait for their turn are applied together: a
 * transaction costs much the same for one change as for many, and two of one process would be in each other's way.
 */
export class ApplyQueue {
  private readonly waiting: Call[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly run: Apply) {}

  apply(changes: readonly Change[]): Promise<readonly Outcome[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly Outcome[]>();
    this.waiting.push({ changes, resolve, reject });
    this.running ??= this.drain();
    return promise;
  }

  /** Resolves when no call is in hand. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) await this.together(this.next());
    this.running = undefined;
  }

  private next(): Call[] {
    let size = 0;
    const end = this.waiting.findIndex(({ changes }, i) => (size += changes.length) > TOGETHER && i > 0);
    return this.waiting.splice(0, end < 0 ? this.waiting.length : end);
  }

  private async together(calls: readonly Call[]): Promise<void> {
    try {
      const outcomes = await this.run(calls.flatMap(({ changes }) => changes));
      let at = 0;
      for (const { changes, resolve } of calls) resolve(outcomes.slice(at, (at += changes.length)));
    } catch (error) {
      const [first] = calls;
      if (calls.length === 1) first?.reject(error);
      // One call may be the others' bad luck.
      else for (const call of calls) await this.together([call]);
    }
  }
}
