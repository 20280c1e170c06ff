import { HubError, type Cursor } from '@hub/contracts';
import { CursorTooOldError, InvalidCursorError, type FeedBatch } from '@hub/storage';
import { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import { isKind, isPassing, translate } from '../errors.ts';
import { patiently } from '../patience.ts';
import type { ChangeReader } from './change-reader.ts';
import { positionOf, tokenOf, type CursorCodec } from './cursor-codec.ts';
import { feedPipeline, type FeedChange } from './feed-change.ts';
import type { Positions } from './positions.ts';

/** Changes that a batch holds at most: bounds what is read of posts at once. */
const BATCH = 100;

/** A reader learns of its new position so often at most while nothing is told, in milliseconds. */
const QUIET_MS = 1_000;

type Stream = mongo.ChangeStream<mongo.Document, FeedChange>;

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
    const stream: Stream = this.collections.db.watch(feedPipeline(this.collections), { resumeAfter, batchSize: BATCH });
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

  private async *batches(stream: Stream, stop: AbortSignal): AsyncGenerator<FeedBatch> {
    let told = '';
    let toldAt = performance.now();
    for (let answered = false; !stop.aborted; answered = true) {
      const changes = await this.next(stream, answered);
      const entries = await patiently(() => this.reader.read(changes));
      const cursor = this.cursors.encode(positionOf(stream.resumeToken));
      const due = cursor !== told && performance.now() - toldAt >= QUIET_MS;
      if (entries.length === 0 && !due) continue;
      yield { entries, cursor };
      told = cursor;
      toldAt = performance.now();
    }
  }

  /** What the server sent at once; nothing, if it had nothing for a second. */
  private async next(stream: Stream, answered: boolean): Promise<FeedChange[]> {
    try {
      const changes: FeedChange[] = [];
      do {
        const change = await stream.tryNext();
        if (change !== null) changes.push(change);
      } while (stream.bufferedCount() > 0);
      return changes;
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
