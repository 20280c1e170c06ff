import type { Filter } from '@hub/contracts';
import type { FeedItem } from '../feed/feed-item.ts';
import type { FeedLog, Place } from '../feed/feed-log.ts';
import type { DeliveryMetrics } from '../metrics.ts';
import { FilterIndex } from './filter-index.ts';
import type { Member } from './member.ts';
import { Room } from './room.ts';

/** A client whose filter lets nothing through learns this often how far it is. */
const CURSOR_INTERVAL_MS = 5000;
const BEAT_MS = 500;

export interface RoomsOptions {
  frameIntervalMs: number;
  metrics: DeliveryMetrics;
  signal: AbortSignal;
}

/** A room for each distinct filter whose clients are live. Brings each room what comes new to the log. */
export class Rooms {
  readonly #log: FeedLog;
  readonly #options: RoomsOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #index = new FilterIndex<Room>();
  readonly #end: Place;

  constructor(log: FeedLog, options: RoomsOptions) {
    this.#log = log;
    this.#options = options;
    this.#end = { position: log.end, cursor: log.cursor };
    const unlisten = log.listen(() => this.#advance());
    const beat = setInterval(() => this.#beat(), BEAT_MS);
    const close = () => {
      unlisten();
      clearInterval(beat);
    };
    if (options.signal.aborted) close();
    else options.signal.addEventListener('abort', close, { once: true });
  }

  /**
   * Takes in a member that has read the log to its end. Returns its room, which it leaves by `delete`, with nothing sent
   * afterwards; undefined if it has not: it must read on first.
   */
  join(filter: Filter, member: Member): Room | undefined {
    if (member.position !== this.#end.position) return undefined;
    const key = keyOf(filter);
    const room = this.#rooms.get(key) ?? this.#open(key, filter);
    room.add(member);
    return room;
  }

  #open(key: string, filter: Filter): Room {
    const { frameIntervalMs, metrics } = this.#options;
    const emptied = () => {
      this.#rooms.delete(key);
      this.#index.remove(filter, room);
      metrics.rooms.set(this.#rooms.size);
    };
    const room = new Room(filter, { end: this.#end, frameIntervalMs, metrics, emptied });
    this.#rooms.set(key, room);
    this.#index.add(filter, room);
    metrics.rooms.set(this.#rooms.size);
    return room;
  }

  #advance(): void {
    const read = this.#log.read(this.#end.position, Infinity);
    this.#end.position = this.#log.end;
    this.#end.cursor = this.#log.cursor;
    if (read === 'end') return;
    const touched = new Set<Room>();
    for (const item of read === 'gone' ? [] : read.items) this.#offer(item, touched);
    // What the log has dropped or given up its readers get from the store.
    if (read === 'gone') for (const room of Array.from(this.#rooms.values())) room.dismissAll();
    for (const room of touched) room.schedule();
  }

  /** Edits, deletions and gaps concern all rooms: a post may have left their filter. */
  #offer(item: FeedItem, touched: Set<Room>): void {
    const position = this.#log.positionOf(item.cursor) ?? this.#end.position;
    const isOfPost = item.type === 'post' || item.type === 'edit';
    const candidates = isOfPost ? this.#index.candidates(item) : undefined;
    const concerned = item.type === 'post' ? candidates : this.#rooms.values();
    for (const room of concerned ?? []) {
      room.offer(item, position, candidates?.has(room) ?? true);
      touched.add(room);
    }
  }

  #beat(): void {
    const due = performance.now() - CURSOR_INTERVAL_MS;
    for (const room of Array.from(this.#rooms.values())) if (room.sentAt <= due) room.beat();
  }
}

/** Equal for filters that say the same in another order. */
export function keyOf(filter: Filter): string {
  return JSON.stringify(filter, (_, value: unknown) => {
    if (Array.isArray(value)) return Array.from<string>(value).toSorted((a, b) => (a < b ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
