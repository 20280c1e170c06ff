import { SYSTEM_CLOCK, type SimulatorClock } from '../clock.ts';

const TICK_MS = 20;
/** After a stall no more than this much of what was missed is made up for. */
const CATCH_UP_MS = 1_000;

/** Calls an action so many times a second, evenly. */
export class Pacer {
  private readonly act: () => void;
  private readonly clock: SimulatorClock;
  private rate: number;
  private due = 0;
  private last = 0;
  private endTicks: (() => void) | undefined;

  /** @param rate per second; 0 for never */
  constructor(rate: number, act: () => void, clock = SYSTEM_CLOCK) {
    this.rate = rate;
    this.act = act;
    this.clock = clock;
  }

  get running(): boolean {
    return this.endTicks !== undefined;
  }

  get perSecond(): number {
    return this.rate;
  }

  setRate(rate: number): void {
    this.rate = rate;
    this.due = 0;
  }

  start(): void {
    if (this.running) return;
    this.last = this.clock.now();
    this.endTicks = this.clock.every(TICK_MS, () => this.tick());
  }

  stop(): void {
    this.endTicks?.();
    this.endTicks = undefined;
  }

  private tick(): void {
    const now = this.clock.now();
    const passed = Math.max(0, Math.min(now - this.last, CATCH_UP_MS));
    this.due += (passed * this.rate) / 1_000;
    this.last = now;
    for (; this.due >= 1; this.due -= 1) this.act();
  }
}
