import type { Gap, Post } from '@hub/contracts';
import { asFirstSeen, rank, rule, withoutQuoted, type DeleteChange, type Outcome, type Reference } from '@hub/storage';
import { ChangeLog } from './change-log.ts';
import { Names } from './names.ts';
import { PostTable, type PostRow, type RowContent } from './post-table.ts';
import type { Database, Statement } from './schema.ts';
import { storedForm, type ChangeRow, type StoredForm, type UpsertRow } from './stored-form.ts';
import { referenceTerm } from './terms.ts';

/** Applies changes, within a transaction that the caller began. */
export class Writer {
  private readonly posts: PostTable;
  private readonly log: ChangeLog;
  private readonly names: Names;
  private readonly addGap: Statement;
  private now = 0;

  constructor(db: Database) {
    this.posts = new PostTable(db);
    this.log = new ChangeLog(db);
    this.names = new Names(db);
    this.addGap = db.prepare(
      `INSERT INTO gaps (source, stream, begin, body, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET body = excluded.body
         WHERE body ->> '$.closed_at' IS NULL AND excluded.body ->> '$.closed_at' IS NOT NULL`,
    );
  }

  apply(changes: readonly ChangeRow[]): Outcome[] {
    this.now = Date.now();
    this.posts.search.begin();
    this.names.begin();
    const outcomes = changes.map((change) => {
      if (change.kind === 'gap') return this.gap(change.gap, change.body);
      const source = this.names.source(change.source);
      return change.kind === 'delete' ? this.remove(source, change) : this.upsert(source, change);
    });
    this.posts.search.flush();
    return outcomes;
  }

  private gap({ source, stream, from }: Gap, body: string): Outcome {
    if (this.addGap.run(source, stream, from, body, this.now).changes === 0) return 'stale';
    this.log.append('gap', this.now, body);
    return 'gap';
  }

  private upsert(source: number, change: UpsertRow): Outcome {
    this.learn(source, change.localId, change.uri);
    for (const { localId, uri } of change.references) this.learn(source, localId, uri);
    if (this.names.isGone(change.uri)) return 'tombstoned';
    const stored = this.posts.find(change.uri);
    if (stored !== undefined) this.names.seenAgain(source, change.localId, change.uri);
    const ruling = stored === undefined ? 'replace' : rule(stored, change);
    if (ruling === 'stale') return 'stale';
    if (stored !== undefined && ruling === 'advance') {
      this.posts.advance(stored, rank(change));
      return 'stale';
    }
    return this.store(change, stored);
  }

  private store(change: UpsertRow, stored: PostRow | undefined): Outcome {
    const gone = change.references.filter(({ uri }) => this.names.isGone(uri));
    if (gone.some(({ kind }) => kind === 'boost')) {
      this.bury(change.uri);
      return 'tombstoned';
    }
    const form = this.formToStore(change, stored, gone);
    if (stored !== undefined) this.log.erase(stored.change);
    const seq = this.log.append(stored === undefined ? 'post' : 'edit', this.now, form.body, change.expiresAt);
    const content: RowContent = {
      change: seq,
      at: change.version.at,
      sequence: rank(change),
      fingerprint: change.fingerprint,
      storedAt: this.now,
      expiresAt: change.expiresAt,
      form,
      searchableText: change.searchableText,
    };
    if (stored === undefined) this.posts.add(change.id, change.uri, change.createdAt, content);
    else this.posts.replace(stored, content);
    return stored === undefined ? 'created' : 'edited';
  }

  /** Most posts are stored as they came; what must be taken out or kept from the first sight is worked in here. */
  private formToStore(change: UpsertRow, stored: PostRow | undefined, gone: readonly Reference[]): StoredForm {
    if (stored === undefined && gone.length === 0) return change;
    const post = withoutQuoted(parse(change.body), new Set(gone.map(({ uri }) => uri)));
    const kept = stored === undefined ? post : asFirstSeen(parse(this.log.body(stored.change)), post);
    return storedForm(kept, change.references);
  }

  private remove(source: number, { localId }: DeleteChange): Outcome {
    const uri = this.names.uri(source, localId);
    if (uri === undefined) this.names.bury(source, localId, this.now);
    if (uri === undefined) return 'buried';
    if (uri === null || this.names.isGone(uri)) return 'stale';
    return this.bury(uri) ? 'deleted' : 'buried';
  }

  private learn(source: number, localId: string, uri: string): void {
    if (this.names.learn(source, localId, uri, this.now)) this.bury(uri);
  }

  /** Makes a post gone for good, and with it what embeds it. Returns whether the store held it. */
  private bury(uri: string): boolean {
    if (this.names.isGone(uri)) return false;
    this.names.markGone(uri, this.now);
    const stored = this.posts.find(uri);
    if (stored !== undefined) {
      this.posts.drop(stored);
      this.log.erase(stored.change);
      this.log.append('delete', this.now, JSON.stringify({ id: stored.id, uri }));
    }
    for (const boost of this.posts.withTerm(referenceTerm('boost', uri))) this.bury(boost.uri);
    for (const quoting of this.posts.withTerm(referenceTerm('quote', uri))) this.takeOut(uri, quoting);
    return stored !== undefined;
  }

  private takeOut(quoted: string, quoting: PostRow): void {
    const post = parse(this.log.body(quoting.change));
    const without = withoutQuoted(post, new Set([quoted]));
    if (without === post) return;
    this.log.erase(quoting.change);
    // Never older than the post itself: a change is pruned no earlier than the post that points to it.
    const at = Math.max(this.now, quoting.storedAt);
    this.posts.point(quoting, this.log.append('edit', at, JSON.stringify(without), quoting.expiresAt));
  }
}

function parse(body: string): Post {
  return JSON.parse(body) as Post;
}
