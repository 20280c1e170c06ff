import type { HubEvent } from '@hub/client';
import { inWords } from '../words.ts';

/** After so long without older events what was missed has come. Milliseconds. */
const SETTLED_MS = 1500;
/** Shorter losses are not worth a word. Milliseconds. */
const SHORT_MS = 1000;

/** Counts what was caught up on after a loss of the connection, and puts it in a line. */
export class ResumeTally {
  #wasLive = false;
  #lostAt: number | undefined;
  #backAt: number | undefined;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  lost(): void {
    clearTimeout(this.#timer);
    if (this.#wasLive) this.#lostAt ??= Date.now();
    this.#backAt = undefined;
  }

  back(): void {
    this.#wasLive = true;
    if (this.#lostAt === undefined) return;
    this.#backAt = Date.now();
    this.#settleLater();
  }

  note(event: HubEvent): void {
    if (this.#backAt === undefined || event.type === 'gap') return;
    if (event.type !== 'delete' && Date.parse(event.data.hub.observed_at) > this.#backAt) return;
    this.#count += 1;
    this.#settleLater();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#lostAt = this.#backAt = undefined;
    this.#count = 0;
  }

  #settleLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), SETTLED_MS);
  }

  #settle(): void {
    const away = (this.#backAt ?? 0) - (this.#lostAt ?? 0);
    const count = this.#count;
    this.stop();
    if (away < SHORT_MS) return;
    const caughtUp =
      count === 0 ? 'Nothing happened meanwhile' : `Caught up on ${count} ${count === 1 ? 'event' : 'events'}`;
    this.#say(`Connected again after ${inWords(away)}. ${caughtUp}; nothing was missed.`);
  }
}
