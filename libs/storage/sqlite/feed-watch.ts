import { HubError, type Cursor } from '@hub/contracts';
import type { Remote } from '@hub/sqlite';
import { CursorTooOldError, InvalidCursorError, type FeedBatch } from '@hub/storage';
import type { CommitSignal } from './commit-signal.ts';
import type { CursorCodec } from './cursor.ts';
import type { ReaderApi } from './store-api.ts';

/** Follows the feed for any number of watchers. */
export class FeedWatch {
  private readonly reader: Remote<ReaderApi>;
  private readonly cursors: CursorCodec;
  private readonly signal: CommitSignal;
  private closed = false;

  constructor(reader: Remote<ReaderApi>, cursors: CursorCodec, signal: CommitSignal) {
    this.reader = reader;
    this.cursors = cursors;
    this.signal = signal;
  }

  async head(): Promise<Cursor> {
    return this.cursors.encode((await this.reader.ends()).head);
  }

  async *from(start: Promise<Cursor>, signal: AbortSignal): AsyncGenerator<FeedBatch> {
    let position = this.cursors.decode(await start);
    while (!signal.aborted) {
      if (this.closed) throw new HubError('shutting_down', 'the store is closed');
      const { commits } = this.signal;
      const read = await this.read(position);
      if (read.found.length > 0) yield this.batch(read);
      else if (read.position === position) await this.signal.after(commits, signal);
      position = read.position;
    }
  }

  /** Ends all watches. */
  close(): void {
    this.closed = true;
    this.signal.announce();
  }

  private async read(position: number) {
    const read = await this.reader.changes(position);
    if ('tooOld' in read) throw new CursorTooOldError(this.cursors.encode(read.tooOld));
    if ('beyond' in read) throw new InvalidCursorError();
    return read;
  }

  private batch({ found, position }: Awaited<ReturnType<FeedWatch['read']>>): FeedBatch {
    return {
      entries: found.map(({ seq, type, body }) => ({ cursor: this.cursors.encode(seq), type, json: body })),
      cursor: this.cursors.encode(position),
    };
  }
}
