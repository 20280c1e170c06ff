import { HubError } from '@hub/contracts';

/** While others wait, a replay gives up its place after this and stands in line again where it has come to. */
const TURN_MS = 5000;
/** Who waits is told so often how many are before it. */
const NOTICE_MS = 5000;
/** Longer lines help nobody: their end would come back by itself before its turn. */
const MAX_WAITING = 10_000;

/** Who wants to read the store. */
export interface Replayer {
  /** How many are before it in the line; told at once and from time to time. */
  waiting(ahead: number): void;
  /** Its turn is over: it lets go of the store, and may stand in line again. */
  over(): void;
}

interface Place {
  replayer: Replayer;
  since: number;
  leave: () => void;
}

/** Lets a number of clients replay from the store at once, in turns; the others wait in line. */
export class ReplayQueue {
  readonly #max: number;
  /** The longest there first. */
  readonly #inside = new Set<Place>();
  readonly #line: { replayer: Replayer; enter: () => void }[] = [];
  #turns: NodeJS.Timeout | undefined;
  #notices: NodeJS.Timeout | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get inside(): number {
    return this.#inside.size;
  }

  get waiting(): number {
    return this.#line.length;
  }

  /**
   * Resolves with what gives the place back; undefined when `signal` was aborted first. Rejects with a HubError of
   * code unavailable if the line is too long.
   */
  async enter(replayer: Replayer, signal: AbortSignal): Promise<(() => void) | undefined> {
    if (signal.aborted) return undefined;
    if (this.#inside.size < this.#max && this.#line.length === 0) return this.#admit(replayer);
    if (this.#line.length >= MAX_WAITING)
      throw new HubError('unavailable', 'Too many clients replay: come back later.');
    const turn = Promise.withResolvers<(() => void) | undefined>();
    const waiter = { replayer, enter: () => turn.resolve(this.#admit(replayer)) };
    const giveUp = () => {
      const at = this.#line.indexOf(waiter);
      if (at >= 0) this.#line.splice(at, 1);
      turn.resolve(undefined);
    };
    replayer.waiting(this.#line.push(waiter) - 1);
    this.#schedule();
    signal.addEventListener('abort', giveUp, { once: true });
    const leave = await turn.promise;
    signal.removeEventListener('abort', giveUp);
    return leave;
  }

  #admit(replayer: Replayer): () => void {
    const place: Place = {
      replayer,
      since: performance.now(),
      leave: () => {
        if (this.#inside.delete(place)) this.#advance();
      },
    };
    this.#inside.add(place);
    return place.leave;
  }

  #advance(): void {
    while (this.#inside.size < this.#max) {
      const next = this.#line.shift();
      if (next === undefined) break;
      next.enter();
    }
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#turns);
    this.#turns = undefined;
    if (this.#line.length === 0) {
      clearInterval(this.#notices);
      this.#notices = undefined;
      return;
    }
    this.#notices ??= setInterval(() => this.#notice(), NOTICE_MS).unref();
    const [longest] = this.#inside;
    if (longest === undefined) return;
    const rest = longest.since + TURN_MS - performance.now();
    this.#turns = setTimeout(() => this.#end(longest), Math.max(0, rest)).unref();
  }

  #end({ replayer, leave }: Place): void {
    replayer.over();
    leave();
  }

  #notice(): void {
    for (const [ahead, { replayer }] of this.#line.entries()) replayer.waiting(ahead);
  }
}
