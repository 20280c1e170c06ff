import { HubError } from '@hub/contracts';
import type { DeadLetter, DeadLetters } from '@hub/messaging';
import { CALL, type Clients } from './clients.ts';
import { calling, isLate, MissingError, type Request } from './errors.ts';
import { compareIds, isLetterId, toLetter } from './letters.ts';
import type { Message } from './messages.ts';
import type { Received } from './pull-stream.ts';

const LETTERS_AT_ONCE = 1_000;
/** When so long none comes, there are no more. */
const SILENCE_MS = 4_000;
const IDS_AT_ONCE = 1_000;

export interface InspectionParts {
  subscriber: Clients['subscriber'];
  /** projects/…/subscriptions/… */
  subscription: string;
  request: Request;
}

/**
 * Pub/Sub has no reading that leaves messages where they are: all letters are leased, looked at, and given back. Who
 * looks at the same time, from here, waits; from another process, it finds the rest.
 */
export class Inspection implements DeadLetters {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: InspectionParts) {}

  async list({ after, limit }: { after?: string; limit: number }): Promise<readonly DeadLetter[]> {
    if (after !== undefined && !isLetterId(after)) {
      throw new HubError('bad_request', 'after must be the id of a dead letter that was listed.');
    }
    let first: DeadLetter[] = [];
    await this.inspect((letters) => {
      const later = letters.map(toLetter).filter(({ id }) => after === undefined || compareIds(id, after) > 0);
      first = [...first, ...later].sort((a, b) => compareIds(a.id, b.id)).slice(0, limit);
    });
    return first;
  }

  async count(): Promise<number> {
    let count = 0;
    await this.inspect((letters) => void (count += letters.length));
    return count;
  }
  /** One after another: what one has leased, the next would not see. */
  private inspect(visit: (letters: readonly Message[]) => void): Promise<void> {
    const inspected = this.last.then(() => this.inspectNow(visit));
    this.last = inspected.catch(() => undefined);
    return inspected;
  }

  private async inspectNow(visit: (letters: readonly Message[]) => void): Promise<void> {
    const seen = new Set<string>();
    const leases: string[] = [];
    try {
      for (let received = await this.pull(); received.length > 0; received = await this.pull()) {
        leases.push(...received.flatMap(({ ackId }) => ackId ?? []));
        const letters = received.flatMap(({ message }) => message ?? []);
        visit(letters.filter(({ messageId }) => !seen.has(messageId ?? '')));
        for (const { messageId } of letters) seen.add(messageId ?? '');
      }
    } finally {
      await this.giveBack(leases);
    }
  }

  private async pull(): Promise<readonly Received[]> {
    const { subscriber, subscription, request } = this.parts;
    const pull = { subscription, maxMessages: LETTERS_AT_ONCE };
    try {
      const [response] = await calling(request, () => subscriber.pull(pull, { ...CALL, timeout: SILENCE_MS }));
      return response.receivedMessages ?? [];
    } catch (error) {
      // Where nothing was buried, there may be no place for it.
      if (isLate(error) || error instanceof MissingError) return [];
      throw error;
    }
  }

  private async giveBack(leases: readonly string[]): Promise<void> {
    const { subscriber, subscription, request } = this.parts;
    for (let i = 0; i < leases.length; i += IDS_AT_ONCE) {
      const back = { subscription, ackIds: leases.slice(i, i + IDS_AT_ONCE), ackDeadlineSeconds: 0 };
      await calling(request, () => subscriber.modifyAckDeadline(back, CALL));
    }
  }
}
