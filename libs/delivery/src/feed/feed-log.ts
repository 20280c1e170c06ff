import type { Cursor } from '@hub/contracts';
import type { FeedBatch } from '@hub/storage';
import { FeedItem } from './feed-item.ts';

/** Upper bound of what a slot costs beside its JSON. */
const SLOT_OVERHEAD_BYTES = 400;

interface Slot {
  /** None: its post is deleted. */
  item: FeedItem | undefined;
  postId: string | undefined;
  /** Cursors that name the position after this slot. */
  cursors: Cursor[];
  /** When it came: performance.now(). */
  since: number;
}

/** A position as the log counts it, and as clients know it. */
export interface Place {
  position: number;
  cursor: Cursor;
}

/** A part of the feed, and the position after it. */
export interface Stretch {
  items: readonly FeedItem[];
  cursor: Cursor;
  /** Its size was limited: the next stretch is there already. */
  more: boolean;
}

/** The same, with the position as the log counts it. */
export interface LogStretch extends Stretch {
  position: number;
}

/**
 * The newest part of the feed in memory, shared by all readers of this process, bounded in bytes: the oldest goes first.
 * A position is the number of slots before it since the log began; cursors are opaque, so the log remembers which it has seen.
 * The words of a post go when its deletion comes, as they do in the store.
 */
export class FeedLog {
  readonly #maxBytes: number;
  readonly #slots = new Map<number, Slot>();
  readonly #positions = new Map<Cursor, number>();
  /** Slots that hold words of a post, by its id. */
  readonly #slotsOf = new Map<string, number[]>();
  readonly #listeners = new Set<() => void>();
  #base: Cursor[];
  #first = 0;
  #end = 0;
  #bytes = 0;

  /** Begins empty at `base`. `maxBytes` bounds the memory of texts and bookkeeping. */
  constructor(base: Cursor, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#base = [base];
    this.#positions.set(base, 0);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** The position of now. */
  get cursor(): Cursor {
    const cursors = this.#slots.get(this.#end - 1)?.cursors ?? this.#base;
    return cursors.at(-1) ?? '';
  }

  /** The same, as the log counts it. */
  get end(): number {
    return this.#end;
  }

  /** Where a cursor stands, if the log can go on from it. */
  positionOf(cursor: Cursor): number | undefined {
    return this.#positions.get(cursor);
  }

  append({ entries, cursor }: FeedBatch): readonly FeedItem[] {
    const items = entries.map((entry) => new FeedItem(entry));
    for (const item of items) this.#add(item);
    if (cursor !== this.cursor) this.#alias(cursor);
    while (this.#bytes > this.#maxBytes && this.#slots.size > 1) this.#dropFirst();
    for (const listener of this.#listeners) listener();
    return items;
  }

  /** Forgets what came before a moment (performance.now). */
  dropBefore(moment: number): void {
    for (let first = this.#slots.get(this.#first); first !== undefined && first.since < moment;) {
      this.#dropFirst();
      first = this.#slots.get(this.#first);
    }
  }

  /** Forgets everything and goes on at `base`: readers return to the store, which knows what they missed. */
  restart(base: Cursor): void {
    while (this.#slots.size > 0) this.#dropFirst();
    this.#positions.clear();
    this.#first = ++this.#end;
    this.#base = [base];
    this.#positions.set(base, this.#first);
    for (const listener of this.#listeners) listener();
  }

  /**
   * What stands after a position: at most `maxBytes` of JSON, but at least one slot. `end`: nothing yet.
   * `gone`: it is no longer in memory.
   */
  read(position: number, maxBytes: number): LogStretch | 'end' | 'gone' {
    if (position < this.#first) return 'gone';
    if (position >= this.#end) return 'end';
    const items: FeedItem[] = [];
    let at = position;
    let cursor = '';
    for (let bytes = 0; at < this.#end; at++) {
      const slot = this.#slots.get(at);
      if (slot === undefined) break;
      bytes += slot.item?.json.length ?? 0;
      if (bytes > maxBytes && at > position) break;
      if (slot.item !== undefined) items.push(slot.item);
      cursor = slot.cursors.at(-1) ?? '';
    }
    return { items, cursor, position: at, more: at < this.#end };
  }

  /** Calls at each change of the log until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(item: FeedItem): void {
    const { postId } = item;
    const at = this.#end++;
    if (postId !== undefined) {
      if (item.type === 'delete') this.#forget(postId);
      else this.#slotsOf.set(postId, [...(this.#slotsOf.get(postId) ?? []), at]);
    }
    this.#slots.set(at, { item, postId, cursors: [item.cursor], since: item.since });
    this.#positions.set(item.cursor, this.#end);
    this.#bytes += cost(item);
  }

  /** One cursor past the last entry is kept, the newest: the feed may pass over changes for a long time. */
  #alias(cursor: Cursor): void {
    const cursors = this.#slots.get(this.#end - 1)?.cursors ?? this.#base;
    for (const older of cursors.splice(1)) this.#positions.delete(older);
    cursors.push(cursor);
    this.#positions.set(cursor, this.#end);
  }

  #forget(postId: string): void {
    for (const at of this.#slotsOf.get(postId) ?? []) {
      const slot = this.#slots.get(at);
      if (slot?.item === undefined) continue;
      this.#bytes -= cost(slot.item) - SLOT_OVERHEAD_BYTES;
      slot.item.isForgotten = true;
      slot.item = undefined;
    }
    this.#slotsOf.delete(postId);
  }

  #dropFirst(): void {
    const slot = this.#slots.get(this.#first);
    if (slot === undefined) return;
    this.#slots.delete(this.#first++);
    this.#bytes -= slot.item === undefined ? SLOT_OVERHEAD_BYTES : cost(slot.item);
    if (slot.postId !== undefined && slot.item?.type !== 'delete') this.#dropSlotOf(slot.postId);
    for (const cursor of this.#base) this.#positions.delete(cursor);
    this.#base = slot.cursors;
  }

  #dropSlotOf(postId: string): void {
    const rest = this.#slotsOf.get(postId)?.filter((at) => at >= this.#first) ?? [];
    if (rest.length > 0) this.#slotsOf.set(postId, rest);
    else this.#slotsOf.delete(postId);
  }
}

function cost(item: FeedItem): number {
  return item.json.length + SLOT_OVERHEAD_BYTES;
}
