import type { Filter } from '@hub/contracts';
import { timeOfId, type NamedPost, type ObservedPost, type PageRequest } from '@hub/storage';
import { FeedReader, snapshot } from './feed-reader.ts';
import { keyQuery } from './page-query.ts';
import { SLOTS_PER_MS } from './post-table.ts';
import type { Database, Statement } from './schema.ts';

/** A page as it leaves the thread. */
export interface StoredPage {
  bodies: string[];
  /** The key of the last post, if there are more. */
  before: number | null;
  /** Position of the feed. */
  head: number;
}

/** Where a page lies: before a key, and between posts of these ids. */
export interface PageBounds extends Pick<PageRequest, 'olderThan' | 'newerThan' | 'oldest'> {
  before?: number;
}

const SECOND = 1000;

/** Reads posts. */
export class PostReader {
  private readonly db: Database;
  private readonly feed: FeedReader;
  private readonly byKey: Statement;
  private readonly byId: Statement;
  private readonly keyOfId: Statement;
  private readonly bySource: Statement;
  private readonly firstSight: Statement;
  private readonly laterSights: Statement;

  constructor(db: Database) {
    this.db = db;
    this.feed = new FeedReader(db);
    const body = 'SELECT body FROM posts JOIN changes ON seq = change WHERE';
    this.byKey = db.prepare(`${body} key = ?`);
    this.byId = db.prepare(`${body} id = ? AND (posts.expires_at IS NULL OR posts.expires_at > ?)`);
    this.keyOfId = db.prepare('SELECT key FROM posts WHERE id = ?');
    this.bySource = db.prepare(
      `SELECT local_id AS localId, aliases.uri, version_at AS at
       FROM sources JOIN aliases ON source = sources.id JOIN posts ON posts.uri = aliases.uri
       WHERE name = ? ORDER BY aliases.at DESC, key DESC LIMIT ?`,
    );
    this.firstSight = db.prepare(
      `SELECT posts.uri, body ->> '$.hub.source' AS source, body ->> '$.hub.local_id' AS localId
       FROM sources JOIN aliases ON source = sources.id JOIN posts ON posts.uri = aliases.uri JOIN changes ON seq = change
       WHERE name = ? AND local_id = ?`,
    );
    this.laterSights = db.prepare(
      'SELECT name AS source, local_id AS localId FROM sightings JOIN sources ON id = source WHERE uri = ?',
    );
  }

  get(id: string): string | undefined {
    return this.byId.get(id, Date.now())?.['body'] as string | undefined;
  }

  page(filter: Filter, bounds: PageBounds, limit: number): StoredPage {
    const { oldest = false } = bounds;
    return snapshot(this.db, () => {
      const keys = this.keys(filter, bounds, limit + 1);
      const shown = keys.slice(0, limit);
      if (oldest) shown.reverse();
      return {
        bodies: shown.map((key) => String(this.byKey.get(key)?.['body'])),
        before: keys.length > limit && !oldest ? (shown.at(-1) ?? null) : null,
        head: this.feed.ends().head,
      };
    });
  }

  observed(source: string, limit: number): ObservedPost[] {
    return this.bySource.all(source, limit).map(({ localId, uri, at }) => ({
      localId: String(localId),
      uri: String(uri),
      at: Number(at),
    }));
  }

  named(source: string, localId: string): NamedPost | undefined {
    return snapshot(this.db, () => {
      const first = this.firstSight.get(source, localId);
      if (first === undefined) return undefined;
      const uri = String(first['uri']);
      const names = [first, ...this.laterSights.all(uri)].map((row) => ({
        source: String(row['source']),
        localId: String(row['localId']),
      }));
      const isFirst = (name: (typeof names)[number]) =>
        name.source === first['source'] && name.localId === first['localId'];
      return { uri, names: names.filter((name, i) => i === 0 || !isFirst(name)) };
    });
  }

  private keys(filter: Filter, bounds: PageBounds, limit: number): number[] {
    const { oldest, olderThan, newerThan } = bounds;
    const query = keyQuery(filter, oldest);
    if (query === undefined) return [];
    const older = olderThan === undefined ? Infinity : this.placeOf(olderThan, timeOfId(olderThan) + SECOND);
    const before = Math.min(bounds.before ?? Number.MAX_SAFE_INTEGER, older);
    const after = newerThan === undefined ? -1 : this.placeOf(newerThan, timeOfId(newerThan));
    const rows = this.db.prepare(query.sql).all({ ...query.values, before, after, now: Date.now(), limit });
    return rows.map(({ key }) => Number(key));
  }

  /** The key of a post; of one that is gone, one that stands between those of `ms` and those before. */
  private placeOf(id: string, ms: number): number {
    const key = this.keyOfId.get(id)?.['key'];
    return typeof key === 'number' ? key : ms * SLOTS_PER_MS - 0.5;
  }
}
