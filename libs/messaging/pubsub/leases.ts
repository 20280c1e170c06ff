import { BrokerUnavailableError, retrying, type Backoff } from '@hub/messaging';
import { failuresById, MissingError } from './errors.ts';
import type { Held } from './inbox.ts';
import { LEASE_SECONDS } from './resources.ts';

/** Four chances before a lease ends. */
const RENEW_EVERY_MS = (LEASE_SECONDS * 1000) / 4;
/** A request names so many messages at most: their ids are long, and Pub/Sub takes 512 KiB. */
const IDS_AT_ONCE = 1_000;
/** Giving back is not waited for longer: the leases run out by themselves. */
const GIVE_BACK_WITHIN_MS = 2_000;

export interface LeasesOptions {
  /** Reject with HubErrors. */
  acknowledge: (ackIds: string[]) => Promise<unknown>;
  modify: (ackIds: string[], deadlineSeconds: number, timeoutMs: number) => Promise<unknown>;
  backoff?: Backoff;
  onRetry: (error: unknown, failures: number, delayMs: number) => void;
}

/** The messages that this process has: as long as they are here, Pub/Sub gives them to nobody else. */
export class Leases {
  private readonly held = new Set<Held>();
  private readonly renewal: NodeJS.Timeout;

  constructor(private readonly options: LeasesOptions) {
    this.renewal = setInterval(() => void this.renew(), RENEW_EVERY_MS);
  }

  get size(): number {
    return this.held.size;
  }

  add(arrived: readonly Held[]): void {
    for (const one of arrived) this.held.add(one);
  }

  /**
   * Resolves when Pub/Sub knows that they are consumed; those whose lease it had ended before come again all the same.
   * Tries for ever while Pub/Sub is away, until the signal is aborted. Rejects with HubErrors.
   */
  async acknowledge(consumed: readonly Held[], signal: AbortSignal): Promise<void> {
    const { onRetry, backoff } = this.options;
    const options = { signal, onRetry, ...(backoff !== undefined && { backoff }) };
    for (const ids of chunks(consumed)) {
      let left = ids;
      await retrying(async () => {
        left = await this.acknowledgeOnce(left);
        if (left.length > 0) throw new BrokerUnavailableError(`Pub/Sub could not take ${left.length} acknowledgements`);
      }, options);
    }
    for (const one of consumed) this.held.delete(one);
  }

  /** Gives back all that is held, to be delivered again at once, and ends. */
  async giveBack(): Promise<void> {
    clearInterval(this.renewal);
    const held = [...this.held];
    this.held.clear();
    await this.lease(held, 0, GIVE_BACK_WITHIN_MS);
  }

  /** Resolves with those that are to be tried again. */
  private async acknowledgeOnce(ackIds: string[]): Promise<string[]> {
    try {
      await this.options.acknowledge(ackIds);
    } catch (error) {
      const failures = failuresById(error);
      if (failures !== undefined) return ackIds.filter((id) => failures[id]?.startsWith('TRANSIENT_') === true);
      // A subscription that is gone takes all leases with it.
      if (!(error instanceof MissingError)) throw error;
    }
    return [];
  }

  private async renew(): Promise<void> {
    await this.lease([...this.held], LEASE_SECONDS, RENEW_EVERY_MS);
  }

  private async lease(held: readonly Held[], deadlineSeconds: number, timeoutMs: number): Promise<void> {
    const asked = chunks(held).map(async (ackIds) => {
      try {
        await this.options.modify(ackIds, deadlineSeconds, timeoutMs);
      } catch (error) {
        // Leases that are lost are no loss of messages.
        if (failuresById(error) !== undefined || error instanceof MissingError) return;
        this.options.onRetry(error, 1, RENEW_EVERY_MS);
      }
    });
    await Promise.all(asked);
  }
}

function chunks(held: readonly Held[]): string[][] {
  const ids = held.map(({ ackId }) => ackId);
  return Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, i) =>
    ids.slice(i * IDS_AT_ONCE, (i + 1) * IDS_AT_ONCE),
  );
}
