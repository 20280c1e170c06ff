import type { EachBatchPayload } from 'kafkajs';
import { retrying, settle, type ConsumerOptions, type SettleOptions } from '@hub/messaging';
import { Committer } from './committer.ts';
import { isLostMembership, toHubError } from './errors.ts';
import { keepAlive } from './keep-alive.ts';
import { Membership } from './membership.ts';
import { chunksOf } from './partition-batch.ts';

/** kafkajs has tried a few times itself. Whoever holds on until a broker is back keeps its place in the group. */
const COMMIT_BACKOFF = { firstMs: 500, capMs: 1_000 };

export type MemberOptions = ConsumerOptions & Pick<SettleOptions, 'handler' | 'bury'>;

/**
 * Brings what one session fetches to its end. Positions are resolved, so that they can be committed, only for what is
 * settled, and only in the membership in which it was fetched.
 */
export class Member {
  private readonly committer = new Committer(() => this.commit());
  private membership: Membership;
  private uncommitted = 0;
  /** Of any batch: all speak for the same member. */
  private channel: Pick<EachBatchPayload, 'uncommittedOffsets' | 'commitOffsetsIfNecessary'> | undefined;

  constructor(
    private readonly options: MemberOptions,
    private readonly ending: AbortSignal,
    /** Ends the session by an error. */
    private readonly fail: (error: unknown) => void,
  ) {
    this.membership = new Membership(ending);
  }

  /** The share of the partitions is a new one. */
  joined(): void {
    this.membership.lose(new Error('the group was balanced anew'));
    this.membership = new Membership(this.ending);
    this.uncommitted = 0;
  }

  /** Handles what was fetched of a partition. Rejects only on what makes kafkajs join the group again. */
  async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { membership } = this;
    this.channel = payload;
    const stop = keepAlive(
      () => payload.heartbeat(),
      (error) => this.lost(membership, error),
    );
    try {
      await this.pass(payload, membership);
    } catch (error) {
      this.lost(membership, error);
    } finally {
      stop();
    }
    if (membership === this.membership && membership.lostBy !== undefined) throw membership.lostBy;
  }

  private lost(membership: Membership, error: unknown): void {
    if (membership.lostBy !== undefined) return;
    if (isLostMembership(error)) membership.lose(error);
    else this.fail(error);
  }

  /** Chunk after chunk; the position follows while the next one is handled. */
  private async pass(payload: EachBatchPayload, membership: Membership): Promise<void> {
    const { batch } = payload;
    const { partition } = batch;
    this.tellOfMissing(batch, membership);
    let committed = Promise.resolve();
    try {
      for (const { deliveries, offsets } of chunksOf(batch, this.options, membership.clockOf(partition))) {
        const settled = await settle(deliveries, { ...this.options, signal: membership.signal });
        await committed;
        const last = offsets[settled - 1];
        if (last === undefined || membership !== this.membership) break;
        payload.resolveOffset(last);
        membership.passed(partition, last);
        this.uncommitted += settled;
        committed = this.committer.flush();
        // Awaited after the next chunk.
        committed.catch(() => undefined);
        if (settled < deliveries.length) break;
      }
    } finally {
      await committed;
    }
  }

  private tellOfMissing(batch: EachBatchPayload['batch'], membership: Membership): void {
    const messages = membership.missingBefore(batch.partition, batch.firstOffset() ?? '0');
    if (messages > 0) this.options.observe({ kind: 'expired', topic: batch.topic, messages });
  }

  private async commit(): Promise<void> {
    const { observe, topic, group } = this.options;
    const { signal } = this.membership;
    const started = performance.now();
    const messages = this.uncommitted;
    this.uncommitted = 0;
    await retrying(() => this.commitOnce(), {
      signal,
      backoff: COMMIT_BACKOFF,
      onRetry: (error, failures, delayMs) =>
        observe({ kind: 'retried', topic, group, error, failures, delaySeconds: delayMs / 1000 }),
    });
    observe({ kind: 'committed', topic, group, messages, seconds: (performance.now() - started) / 1000 });
  }

  private async commitOnce(): Promise<void> {
    const offsets = this.channel?.uncommittedOffsets();
    if (offsets === undefined || offsets.topics.length === 0) return;
    try {
      await this.channel?.commitOffsetsIfNecessary(offsets);
    } catch (error) {
      throw isLostMembership(error) ? error : toHubError(error);
    }
  }
}
