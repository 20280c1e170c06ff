import { PartitionClock } from './sequence.ts';

/** A member's share of the group between two rebalances. */
export class Membership {
  private readonly losing = new AbortController();
  private readonly clocks = new Map<number, PartitionClock>();
  private readonly expected = new Map<number, bigint>();

  /** Aborted when the share is lost, or the session ends: then nothing new is begun. */
  readonly signal: AbortSignal;

  constructor(ending: AbortSignal) {
    this.signal = AbortSignal.any([ending, this.losing.signal]);
  }

  /** Why it was lost, as kafkajs has to be told. */
  get lostBy(): unknown {
    return this.losing.signal.aborted ? this.losing.signal.reason : undefined;
  }

  lose(reason: unknown): void {
    this.losing.abort(reason);
  }

  clockOf(partition: number): PartitionClock {
    const clock = this.clocks.get(partition) ?? new PartitionClock();
    this.clocks.set(partition, clock);
    return clock;
  }

  /** How many messages are gone between where the partition was read to and this offset. */
  missingBefore(partition: number, offset: string): number {
    const expected = this.expected.get(partition) ?? BigInt(offset);
    return Math.max(0, Number(BigInt(offset) - expected));
  }

  /** The partition was read up to and with this offset. */
  passed(partition: number, offset: string): void {
    this.expected.set(partition, BigInt(offset) + 1n);
  }
}
