import { HubError, type Cursor } from '@hub/contracts';
import { CursorTooOldError, InvalidCursorError, type FeedBatch, type FeedEntry } from '@hub/storage';
import { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import { isKind, isPassing, translate } from '../errors.ts';
import { patiently } from '../patience.ts';
import type { ChangeReader } from './change-reader.ts';
import { positionOf, tokenOf, type CursorCodec } from './cursor-codec.ts';
import { feedPipeline, received, type FeedChange, type FeedStream } from './feed-change.ts';
import type { Positions } from './positions.ts';

/** Bounds what is read of posts at once. */
const AT_ONCE = 25;

/** A batch ends with the change that reaches so many characters. */
const BATCH_CHARACTERS = 512 * 1024;

/** A reader learns of its new position so often at most while nothing is told, in milliseconds. */
const QUIET_MS = 10_000;

/** The store's changes in the order of the replica set's log. */
export class MongoChangeFeed {
  constructor(
    private readonly collections: Collections,
    private readonly cursors: CursorCodec,
    private readonly reader: ChangeReader,
    private readonly positions: Positions,
    private readonly closing: AbortSignal,
  ) {}

  /** Ends when `signal` is aborted; throws `shutting_down` when the store is closed. */
  async *watch(start: Promise<Cursor>, signal: AbortSignal): AsyncGenerator<FeedBatch> {
    const resumeAfter = tokenOf(this.cursors.decode(await start));
    const stop = AbortSignal.any([signal, this.closing]);
    const stream: FeedStream = this.collections.db.watch(feedPipeline(this.collections), { resumeAfter });
    const close = () => void stream.close();
    stop.addEventListener('abort', close);
    try {
      yield* this.batches(stream, stop);
    } catch (error) {
      if (!stop.aborted) throw error;
    } finally {
      stop.removeEventListener('abort', close);
      await stream.close();
    }
    if (!signal.aborted) throw new HubError('shutting_down', 'The store is closed.');
  }

  private async *batches(stream: FeedStream, stop: AbortSignal): AsyncGenerator<FeedBatch> {
    let told: Cursor | undefined;
    let toldAt = performance.now();
    for (let answered = false; !stop.aborted; answered = true) {
      const changes = await this.receive(stream, answered);
      for (let at = 0; at < changes.length; at += AT_ONCE) {
        const entries = await patiently(() => this.reader.read(changes.slice(at, at + AT_ONCE)));
        for (const batch of slices(entries)) {
          yield batch;
          told = batch.cursor;
          toldAt = performance.now();
        }
      }
      const cursor = this.cursors.encode(positionOf(stream.resumeToken));
      if (cursor === told || performance.now() - toldAt < QUIET_MS) continue;
      yield { entries: [], cursor };
      told = cursor;
      toldAt = performance.now();
    }
  }

  private async receive(stream: FeedStream, answered: boolean): Promise<FeedChange[]> {
    try {
      return await received(stream);
    } catch (error) {
      throw await this.explain(error, answered);
    }
  }

  private async explain(error: unknown, answered: boolean): Promise<unknown> {
    if (isKind(error, 'historyLost')) return new CursorTooOldError(await patiently(() => this.positions.oldest()));
    const refused = error instanceof mongo.MongoServerError && !isPassing(error) && !isKind(error, 'refused');
    return refused && !answered ? new InvalidCursorError() : translate(error);
  }
}

function* slices(entries: readonly FeedEntry[]): Generator<FeedBatch> {
  let slice: FeedEntry[] = [];
  let characters = 0;
  for (const [i, entry] of entries.entries()) {
    slice.push(entry);
    characters += entry.json.length;
    if (characters < BATCH_CHARACTERS && i < entries.length - 1) continue;
    yield { entries: slice, cursor: entry.cursor };
    slice = [];
    characters = 0;
  }
}
