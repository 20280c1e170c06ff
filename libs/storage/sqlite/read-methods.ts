import { dataVersion, notify, type Served } from '@hub/sqlite';
import type { StoreCounts } from '@hub/storage';
import { FeedReader } from './feed-reader.ts';
import { PostReader } from './post-reader.ts';
import { openStoreDatabase, type Database } from './schema.ts';
import type { ReaderApi } from './store-api.ts';

const POLL_MS = 20;

export function serveReader(path: string): Served {
  const db = openStoreDatabase(path, true);
  const feed = new FeedReader(db);
  const posts = new PostReader(db);
  const file = new FileWatch(db);
  const reads = {
    storeId: () => String(db.prepare('SELECT id FROM store').get()?.['id']),
    ends: () => feed.ends(),
    changes: (after) => {
      // Whoever reads the feed wants to go on reading it.
      file.start();
      return feed.changes(after);
    },
    get: (id) => posts.get(id),
    page: (filter, bounds, limit) => posts.page(filter, bounds, limit),
    observed: (source, limit) => posts.observed(source, limit),
    named: (source, localId) => posts.named(source, localId),
    ...smallThings(db),
  } satisfies ReaderApi;
  return { db, reads, writes: {}, onClose: () => file.stop() };
}

function smallThings(db: Database): Pick<ReaderApi, 'checkpoint' | 'gaps' | 'counts'> {
  const checkpoint = db.prepare('SELECT value FROM checkpoints WHERE name = ?');
  const gaps = db.prepare('SELECT body FROM gaps ORDER BY begin DESC LIMIT ?');
  const counts = db.prepare('SELECT posts, feed, tombstones, (SELECT count(*) FROM gaps) AS gaps FROM store');
  return {
    checkpoint: (name) => checkpoint.get(name)?.['value'] as string | undefined,
    gaps: (limit) => gaps.all(limit).map(({ body }) => String(body)),
    counts: () => {
      const row = counts.get();
      const count = (name: keyof StoreCounts) => Number(row?.[name]);
      return { posts: count('posts'), feed: count('feed'), tombstones: count('tombstones'), gaps: count('gaps') };
    },
  };
}

/** Tells the main thread when any process has committed to the file. */
class FileWatch {
  private readonly db: Database;
  private timer: NodeJS.Timeout | undefined;
  private seen = 0;

  constructor(db: Database) {
    this.db = db;
  }

  start(): void {
    this.timer ??= setInterval(() => this.look(), POLL_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    const version = dataVersion(this.db);
    if (version === this.seen) return;
    this.seen = version;
    notify('committed');
  }
}
