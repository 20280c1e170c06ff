import { Logger } from '@nestjs/common';
import { z } from 'zod';
import type { Checkpoints } from '@hub/storage';

const mark = z.object({ id: z.string(), at: z.number() });
const saved = z.object({ at: z.number(), marks: z.array(mark) });

/** A post that was read, by its id at the server, and when, in milliseconds since 1970. */
export type Mark = z.infer<typeof mark>;

/** A mark each so many posts, or so much time; the oldest kept one is where a catch-up begins. */
const POSTS_PER_MARK = 40;
const MS_PER_MARK = 60_000;
const MAX_MARKS = 10;
const SAVE_EVERY_MS = 250;

/**
 * How far a stream was read and acknowledged, durably. Ids are opaque, so that an overlap cannot be computed from
 * one: ids of earlier posts are kept, up to 400 posts or ten minutes back, and a catch-up starts at the oldest.
 */
export class Checkpoint {
  readonly #logger = new Logger('Ingest');
  readonly #store: Checkpoints;
  readonly #name: string;
  #at: number | undefined;
  #marks: Mark[] = [];
  #sinceMark = 0;
  /** Marks of live posts that came while there was still a hole before them. */
  #ahead: Mark[] | undefined;
  #saving: Promise<void> | undefined;
  #dirty = false;

  constructor(store: Checkpoints, name: string) {
    this.#store = store;
    this.#name = name;
  }

  /** Rejects while the store is away. */
  async load(): Promise<void> {
    const text = await this.#store.get(this.#name);
    if (text === undefined) return;
    const { at, marks } = saved.parse(JSON.parse(text));
    this.#at = at;
    this.#marks = marks;
  }

  /** Everything before this was read and acknowledged, in milliseconds since 1970. Undefined: never read yet. */
  get at(): number | undefined {
    return this.#at;
  }

  /** The id to catch up from, overlap included. */
  get start(): string | undefined {
    return this.#marks[0]?.id;
  }

  /** Reading begins after this post; undefined: after nothing that is known. */
  begin(id: string | undefined, at: number): void {
    if (id !== undefined) this.#push({ id, at });
    this.#moveTo(at);
  }

  /** There is a hole before what comes live now: live posts do not count until it is closed. */
  hold(): void {
    this.#ahead = [];
  }

  /** The hole is closed, or recorded as a gap. */
  release(at: number): void {
    for (const ahead of this.#ahead ?? []) this.#push(ahead);
    this.#ahead = undefined;
    this.#moveTo(at);
  }

  /** A live post was acknowledged. */
  acknowledged(id: string, at: number): void {
    if (this.#ahead !== undefined) this.#ahead.push({ id, at });
    else this.filled(id, at);
    if (this.#ahead !== undefined && this.#ahead.length > POSTS_PER_MARK * MAX_MARKS) this.#ahead.shift();
  }

  /** A post of the hole was acknowledged, all before it included; or, with no hole, a live one. */
  filled(id: string, at: number): void {
    this.#push({ id, at });
    this.#moveTo(at);
  }

  /** Nothing is waiting: all up to then was read. */
  touch(at: number): void {
    if (this.#ahead === undefined) this.#moveTo(at);
  }

  /** Resolves when the present state is saved, or the store refused it. */
  async save(): Promise<void> {
    await this.#saving;
    if (this.#dirty) await this.#write();
  }

  #push(next: Mark): void {
    const last = this.#marks.at(-1);
    this.#sinceMark += 1;
    if (last !== undefined && this.#sinceMark < POSTS_PER_MARK && next.at - last.at < MS_PER_MARK) return;
    this.#sinceMark = 0;
    this.#marks.push(next);
    while (this.#marks.length > MAX_MARKS) this.#marks.shift();
  }

  #moveTo(at: number): void {
    this.#at = Math.max(this.#at ?? 0, at);
    this.#dirty = true;
    this.#saving ??= this.#saveSoon();
  }

  async #saveSoon(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, SAVE_EVERY_MS));
    this.#saving = undefined;
    await this.#write();
  }

  async #write(): Promise<void> {
    this.#dirty = false;
    try {
      await this.#store.set(this.#name, JSON.stringify({ at: this.#at, marks: this.#marks }));
    } catch (error) {
      this.#dirty = true;
      this.#logger.warn(`How far ${this.#name} was read could not be saved: ${String(error)}`);
    }
  }
}
