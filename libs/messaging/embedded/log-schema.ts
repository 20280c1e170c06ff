/** "hubl" in ASCII. */
export const APPLICATION_ID = 0x6875626c;

export const MIGRATIONS = [
  `CREATE TABLE topic (
     id   INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     next INTEGER NOT NULL DEFAULT 0 -- offset of the next message; never falls, whatever is removed
   ) STRICT;
   CREATE TABLE segment (
     id           INTEGER PRIMARY KEY,
     topic        INTEGER NOT NULL REFERENCES topic (id),
     last         INTEGER NOT NULL, -- offset of its last message
     count        INTEGER NOT NULL,
     published_at INTEGER NOT NULL, -- milliseconds since 1970
     body         BLOB NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX segment_by_offset ON segment (topic, last);
   CREATE TABLE consumer_group (
     topic       INTEGER NOT NULL REFERENCES topic (id),
     name        TEXT NOT NULL,
     position    INTEGER NOT NULL, -- offset of the first message that it has not consumed
     epoch       INTEGER NOT NULL DEFAULT 0, -- of the last lease
     lease_until INTEGER NOT NULL DEFAULT 0, -- milliseconds since 1970
     PRIMARY KEY (topic, name)
   ) STRICT, WITHOUT ROWID;`,
] as const;
