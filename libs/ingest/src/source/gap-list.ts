import { Logger } from '@nestjs/common';
import type { Checkpoints } from '@hub/storage';
import { z } from 'zod';

const openGap = z.object({
  /** The span of the gap, in milliseconds since 1970. */
  from: z.number(),
  to: z.number(),
  reason: z.string(),
  /** The id of the post to read on from. */
  start: z.string(),
});

/** A gap that is tried again. */
export type OpenGap = z.infer<typeof openGap>;

/** More would take days: the oldest ones stay open. */
const MAX_GAPS = 100;

/** The gaps of a source that are to be tried again, durably. */
export class GapList {
  readonly #logger = new Logger('Ingest');
  readonly #store: Checkpoints;
  readonly #name: string;
  #gaps: OpenGap[] = [];

  constructor(store: Checkpoints, name: string) {
    this.#store = store;
    this.#name = name;
  }

  get all(): readonly OpenGap[] {
    return this.#gaps;
  }

  /** Rejects while the store is away. */
  async load(): Promise<void> {
    const text = await this.#store.get(this.#name);
    if (text !== undefined) this.#gaps = z.array(openGap).parse(JSON.parse(text));
  }

  /** The same start in time again is the same gap. */
  async add(gap: OpenGap): Promise<void> {
    this.#gaps = [...this.#gaps.filter(({ from }) => from !== gap.from), { ...gap }].slice(-MAX_GAPS);
    await this.save();
  }

  async remove(gap: OpenGap): Promise<void> {
    this.#gaps = this.#gaps.filter((each) => each !== gap);
    await this.save();
  }

  /** What the store refuses now is saved with the next change, or read again. */
  async save(): Promise<void> {
    try {
      await this.#store.set(this.#name, JSON.stringify(this.#gaps));
    } catch (error) {
      this.#logger.warn(`What is missing of ${this.#name} could not be saved: ${String(error)}`);
    }
  }
}
