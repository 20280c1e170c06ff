import type { Database, Statement } from './schema.ts';

/** What posts are called at their sources, and which of them are gone. Ids only. */
export class Names {
  private readonly addSource: Statement;
  private readonly sourceId: Statement;
  private readonly alias: Statement;
  private readonly setAlias: Statement;
  private readonly addSighting: Statement;
  private readonly tombstone: Statement;
  private readonly addTombstone: Statement;
  private readonly sources = new Map<string, number>();

  constructor(db: Database) {
    this.addSource = db.prepare('INSERT INTO sources (name) VALUES (?) ON CONFLICT DO NOTHING');
    this.sourceId = db.prepare('SELECT id FROM sources WHERE name = ?');
    this.alias = db.prepare('SELECT uri FROM aliases WHERE source = ? AND local_id = ?');
    this.setAlias = db.prepare(
      `INSERT INTO aliases (source, local_id, uri, at) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET uri = excluded.uri, at = excluded.at`,
    );
    this.addSighting = db.prepare(
      'INSERT INTO sightings (uri, source, local_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.tombstone = db.prepare('SELECT 1 FROM tombstones WHERE uri = ?');
    this.addTombstone = db.prepare('INSERT INTO tombstones (uri, at) VALUES (?, ?) ON CONFLICT DO NOTHING');
  }

  /** Forgets what an aborted transaction made known. */
  begin(): void {
    this.sources.clear();
  }

  /** The number that stands for a source in the other calls. */
  source(name: string): number {
    const known = this.sources.get(name);
    if (known !== undefined) return known;
    const id = Number(this.sourceId.get(name)?.['id'] ?? this.addSource.run(name).lastInsertRowid);
    this.sources.set(name, id);
    return id;
  }

  /** The URI behind a local id; null: a deletion was seen before anything told the URI; undefined: never seen. */
  uri(source: number, localId: string): string | null | undefined {
    return this.alias.get(source, localId)?.['uri'] as string | null | undefined;
  }

  /** Remembers what a local id names. Returns true if just that was deleted before its URI was known. */
  learn(source: number, localId: string, uri: string, at: number): boolean {
    const known = this.uri(source, localId);
    if (known !== uri) this.setAlias.run(source, localId, uri, at);
    return known === null;
  }

  /** Remembers that a stored post was shown again, by the same or another source. */
  seenAgain(source: number, localId: string, uri: string): void {
    this.addSighting.run(uri, source, localId);
  }

  /** Remembers a deletion of which only the local id is known. */
  bury(source: number, localId: string, at: number): void {
    this.setAlias.run(source, localId, null, at);
  }

  isGone(uri: string): boolean {
    return this.tombstone.get(uri) !== undefined;
  }

  markGone(uri: string, at: number): void {
    this.addTombstone.run(uri, at);
  }
}
