import { openDatabase } from '@hub/sqlite';

export type Database = ReturnType<typeof openDatabase>;
export type Statement = ReturnType<Database['prepare']>;

/** "HubS" */
const APPLICATION_ID = 0x48756253;

/**
 * Format 1. A post's words are in three places, all found from its row: the body of its one change, its terms, and
 * the search index. Times are milliseconds since 1970.
 *
 * - posts.key is in order of `created_at`, and is the key of terms and search: all of them yield newest first.
 * - changes holds one body for each post, its latest; AUTOINCREMENT, so that no position is ever given twice.
 * - terms: what filters look for, and references, each with a prefix that names its kind; posts.terms lists a post's.
 * - aliases.uri is null for a deletion of which nothing has told yet what post it means.
 * - store is one row: its id, the highest position that was pruned, and how many rows the tables hold.
 */
const FORMAT_1 = `
CREATE TABLE store (
  id TEXT NOT NULL, pruned INTEGER NOT NULL,
  posts INTEGER NOT NULL, feed INTEGER NOT NULL, tombstones INTEGER NOT NULL);
INSERT INTO store VALUES (lower(hex(randomblob(6))), 0, 0, 0, 0);

CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, at INTEGER NOT NULL, expires_at INTEGER, body TEXT NOT NULL);

CREATE TABLE posts (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, uri TEXT NOT NULL UNIQUE, change INTEGER NOT NULL,
  version_at INTEGER NOT NULL, version_rank INTEGER NOT NULL, fingerprint TEXT NOT NULL,
  stored_at INTEGER NOT NULL, expires_at INTEGER,
  media INTEGER NOT NULL, reply INTEGER NOT NULL, sensitive INTEGER NOT NULL, bot INTEGER NOT NULL, terms TEXT NOT NULL);
CREATE INDEX posts_stored ON posts (stored_at);
CREATE INDEX posts_expiring ON posts (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE terms (term TEXT NOT NULL, post INTEGER NOT NULL, PRIMARY KEY (term, post)) WITHOUT ROWID;

CREATE VIRTUAL TABLE search USING fts5 (words, columnsize = 0, tokenize = 'ascii');
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

CREATE TABLE sources (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE aliases (
  source INTEGER NOT NULL, local_id TEXT NOT NULL, uri TEXT, at INTEGER NOT NULL,
  PRIMARY KEY (source, local_id)) WITHOUT ROWID;
CREATE INDEX aliases_seen ON aliases (source, at);
CREATE TABLE tombstones (uri TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX tombstones_at ON tombstones (at);

CREATE TABLE gaps (
  source TEXT NOT NULL, stream TEXT NOT NULL, begin TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (source, stream, begin)) WITHOUT ROWID;
CREATE TABLE checkpoints (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TRIGGER posts_in AFTER INSERT ON posts BEGIN UPDATE store SET posts = posts + 1; END;
CREATE TRIGGER posts_out AFTER DELETE ON posts BEGIN UPDATE store SET posts = posts - 1; END;
CREATE TRIGGER changes_in AFTER INSERT ON changes BEGIN UPDATE store SET feed = feed + 1; END;
CREATE TRIGGER changes_out AFTER DELETE ON changes BEGIN UPDATE store SET feed = feed - 1; END;
CREATE TRIGGER tombstones_in AFTER INSERT ON tombstones BEGIN UPDATE store SET tombstones = tombstones + 1; END;
CREATE TRIGGER tombstones_out AFTER DELETE ON tombstones BEGIN UPDATE store SET tombstones = tombstones - 1; END;
CREATE TRIGGER buried_in AFTER INSERT ON aliases WHEN new.uri IS NULL
  BEGIN UPDATE store SET tombstones = tombstones + 1; END;
CREATE TRIGGER buried_named AFTER UPDATE OF uri ON aliases WHEN old.uri IS NULL
  BEGIN UPDATE store SET tombstones = tombstones - 1; END;
CREATE TRIGGER buried_out AFTER DELETE ON aliases WHEN old.uri IS NULL
  BEGIN UPDATE store SET tombstones = tombstones - 1; END;
`;

/** Format 2: how many characters a post's text has, and whether its author allows search: filters ask for both. */
const FORMAT_2 = `
ALTER TABLE posts ADD COLUMN length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN searchable INTEGER NOT NULL DEFAULT 0;
UPDATE posts SET (length, searchable) = (
  SELECT length(body ->> '$.hub.text'), body ->> '$.hub.searchable' FROM changes WHERE seq = posts.change);
`;

/** Format 3: names by which a stored post was shown again, beside that of its first sight, which stands in its body. */
const FORMAT_3 = `
CREATE TABLE sightings (
  uri TEXT NOT NULL, source INTEGER NOT NULL, local_id TEXT NOT NULL,
  PRIMARY KEY (uri, source, local_id)) WITHOUT ROWID;
`;

export function openStoreDatabase(path: string, readOnly: boolean): Database {
  return openDatabase({ path, readOnly, applicationId: APPLICATION_ID, migrations: [FORMAT_1, FORMAT_2, FORMAT_3] });
}
