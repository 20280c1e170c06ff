import { ChangeLog } from './change-log.ts';
import { POST_COLUMNS, postRow, PostTable, type PostRow } from './post-table.ts';
import type { Database, Statement } from './schema.ts';

/** What a slice did; `more`: there is more to do. */
export interface Pruned {
  posts: number;
  more: boolean;
}

/** Rows of a kind that one slice removes at most, about 20 ms of work: an apply may have to wait for it. */
const SLICE = 40;

/** Removes what is past its time, a slice a transaction. Times in milliseconds. */
export class Pruner {
  private readonly posts: PostTable;
  private readonly log: ChangeLog;
  private readonly expired: Statement;
  private readonly old: Statement;
  private readonly firstChanges: Statement;
  private readonly raise: Statement;
  private readonly gaps: Statement;
  private readonly tombstones: Statement;
  private readonly sources: Statement;
  private readonly aliases: Statement;

  constructor(db: Database) {
    this.posts = new PostTable(db);
    this.log = new ChangeLog(db);
    const due = (where: string) => db.prepare(`SELECT ${POST_COLUMNS} FROM posts WHERE ${where} LIMIT ${SLICE}`);
    this.expired = due('expires_at <= ? ORDER BY expires_at');
    this.old = due('stored_at < ? ORDER BY stored_at');
    this.firstChanges = db.prepare(`SELECT seq, at FROM changes ORDER BY seq LIMIT ${SLICE}`);
    this.raise = db.prepare('UPDATE store SET pruned = max(pruned, ?)');
    this.gaps = db.prepare('DELETE FROM gaps WHERE at < ?');
    this.tombstones = db.prepare(
      `DELETE FROM tombstones WHERE uri IN (SELECT uri FROM tombstones WHERE at < ? LIMIT ${SLICE})`,
    );
    this.sources = db.prepare('SELECT id FROM sources');
    // What a stored post is called is kept as long as the post, for a deletion may name it.
    this.aliases = db.prepare(
      `DELETE FROM aliases WHERE source = ?1 AND local_id IN (
         SELECT local_id FROM aliases AS a WHERE source = ?1 AND at < ?2
           AND NOT EXISTS (SELECT 1 FROM posts WHERE posts.uri = a.uri) LIMIT ${SLICE})`,
    );
  }

  slice(now: number, retention: number): Pruned {
    const cutoff = now - retention;
    this.posts.search.begin();
    const posts = this.dropPosts([...this.expired.all(now), ...this.old.all(cutoff)].map(postRow), cutoff);
    this.posts.search.flush();
    if (posts > 0) return { posts, more: true };
    const rest = this.dropChanges(cutoff) + this.dropIds(cutoff - retention);
    this.gaps.run(cutoff);
    return { posts, more: rest > 0 };
  }

  /** Whoever reads on from before a post that is too old is told so; a post that expired is passed over silently. */
  private dropPosts(rows: PostRow[], cutoff: number): number {
    const posts = new Map(rows.map((row) => [row.key, row]));
    for (const row of posts.values()) {
      this.posts.drop(row);
      this.log.erase(row.change);
      if (row.storedAt < cutoff) this.raise.run(row.change);
    }
    return posts.size;
  }

  /** Only deletions and gaps are left this old: no post points to them. */
  private dropChanges(cutoff: number): number {
    const rows = this.firstChanges.all();
    const kept = rows.findIndex((row) => Number(row['at']) >= cutoff);
    const old = kept < 0 ? rows : rows.slice(0, kept);
    for (const { seq } of old) this.log.erase(Number(seq));
    if (old.length > 0) this.raise.run(Number(old.at(-1)?.['seq']));
    return old.length;
  }

  private dropIds(cutoff: number): number {
    const named = this.sources.all().map(({ id }) => this.aliases.run(Number(id), cutoff));
    return [...named, this.tombstones.run(cutoff)].reduce((sum, { changes }) => sum + Number(changes), 0);
  }
}
