const TICK_MS = 20;
/** After a stall no more than this much of what was missed is made up for. */
const CATCH_UP_MS = 1_000;

/** Calls an action so many times a second, evenly. */
export class Pacer {
  private readonly act: () => void;
  private rate: number;
  private due = 0;
  private last = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param rate per second; 0 for never */
  constructor(rate: number, act: () => void) {
    this.rate = rate;
    this.act = act;
  }

  get running(): boolean {
    return this.timer !== undefined;
  }

  get perSecond(): number {
    return this.rate;
  }

  setRate(rate: number): void {
    this.rate = rate;
    this.due = 0;
  }

  start(): void {
    if (this.timer !== undefined) return;
    this.last = performance.now();
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tick(): void {
    const now = performance.now();
    this.due += (Math.min(now - this.last, CATCH_UP_MS) * this.rate) / 1_000;
    this.last = now;
    for (; this.due >= 1; this.due -= 1) this.act();
  }
}
