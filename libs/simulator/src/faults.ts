import type { Clock } from './ids.ts';
import type { Random } from './random.ts';

/**
 * What can go wrong on demand:
 * drop_connections (streams are cut, without a goodbye), go_silent (streams stay open and carry nothing, not even
 * heartbeats), duplicate (an event twice), reorder (an event after the next one), late_backdated (a post arrives 1 to
 * 30 minutes after its time), malformed_json (a broken frame before the good one), rate_limited (429), server_error
 * (503), deletes_only (streams carry deletions alone and timelines are empty, as with feeds switched off),
 * leak_nonpublic (posts that are not public get onto public streams and timelines), no_websocket (WebSockets are
 * refused with 404, as by servers that have server-sent events alone), no_timelines (timelines are refused with 422),
 * deletes_untold (as deletes_only, but the server says nothing of its feeds, as before 4.5),
 * unreachable (connections end without an answer), no_answer (connections are taken, and nothing is answered).
 */
export const FAULT_NAMES = [
  'drop_connections',
  'go_silent',
  'duplicate',
  'reorder',
  'late_backdated',
  'malformed_json',
  'rate_limited',
  'server_error',
  'deletes_only',
  'leak_nonpublic',
  'no_websocket',
  'no_timelines',
  'deletes_untold',
  'unreachable',
  'no_answer',
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

/** A fault that is set. What is left out does not limit it. */
export interface Fault {
  name: FaultName;
  /** How many times it strikes before it is over. */
  count?: number | undefined;
  /** Of striking each time that it could, 0 to 1. */
  probability?: number | undefined;
  /** Milliseconds until it is over. */
  durationMs?: number | undefined;
}

export interface FaultState extends Fault {
  /** How often it has struck since it was set. */
  struck: number;
}

interface Active {
  fault: Fault;
  struck: number;
  endsAt: number;
}

/** The faults that are set. Their dice are their own, so that they change what happens to the traffic but not the traffic. */
export class Faults {
  private readonly active = new Map<FaultName, Active>();
  private readonly random: Random;
  private readonly clock: Clock;

  constructor(random: Random, clock: Clock) {
    this.random = random;
    this.clock = clock;
  }

  /** Sets a fault anew. */
  set(fault: Fault): void {
    this.active.set(fault.name, { fault, struck: 0, endsAt: this.clock() + (fault.durationMs ?? Infinity) });
  }

  clear(name: FaultName): void {
    this.active.delete(name);
  }

  clearAll(): void {
    this.active.clear();
  }

  /** Whether the fault strikes now; counts when it does. */
  strikes(name: FaultName): boolean {
    const active = this.running(name);
    if (active === undefined || !this.random.chance(active.fault.probability ?? 1)) return false;
    active.struck += 1;
    if (active.fault.count !== undefined && active.struck >= active.fault.count) this.active.delete(name);
    return true;
  }

  /** Whether the fault is set, without making it strike. */
  isSet(name: FaultName): boolean {
    return this.running(name) !== undefined;
  }

  list(): FaultState[] {
    return FAULT_NAMES.flatMap((name) => {
      const active = this.running(name);
      return active === undefined ? [] : [{ ...active.fault, struck: active.struck }];
    });
  }

  private running(name: FaultName): Active | undefined {
    const active = this.active.get(name);
    if (active !== undefined && active.endsAt <= this.clock()) {
      this.active.delete(name);
      return undefined;
    }
    return active;
  }
}
