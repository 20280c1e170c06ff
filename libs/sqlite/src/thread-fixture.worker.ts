/* Used by thread.spec.ts alone: a table of numbers, and ways to fail. */
import { workerData } from 'node:worker_threads';
import { notify, openDatabase, serve } from './index.ts';

export interface NumbersApi {
  add(...numbers: number[]): void;
  /** Adds, then fails. */
  addAndFail(number: number): void;
  /** Adds as many bytes. */
  fill(bytes: number): void;
  /** Ends the thread, in the middle of a transaction. */
  die(): void;
  /** All numbers, oldest first. */
  all(): number[];
  /** Commits so far that changed something. */
  commits(): number;
  /** Bounds the size of the file, in pages. */
  limit(pages: number): void;
  /** Has the worker say so by itself. */
  say(word: string): void;
}

const path = workerData as string;

serve(path, () => {
  const db = openDatabase({
    path,
    applicationId: 7,
    migrations: ['CREATE TABLE numbers (n INTEGER, filler BLOB) STRICT'],
  });
  const insert = db.prepare('INSERT INTO numbers VALUES (?, ?)');
  let commits = 0;
  const add = (...numbers: number[]) => numbers.forEach((number) => insert.run(number, null));
  return {
    db,
    reads: {
      all: () =>
        db
          .prepare('SELECT n FROM numbers WHERE n IS NOT NULL ORDER BY rowid')
          .all()
          .map((row) => row['n']),
      commits: () => commits,
      limit: (pages: number) => db.exec(`PRAGMA max_page_count = ${pages}`),
      say: (word: string) => notify(word),
    },
    writes: {
      add,
      addAndFail(number: number) {
        add(number);
        throw new Error('on purpose');
      },
      fill: (bytes: number) => void insert.run(null, new Uint8Array(bytes)),
      die: () => process.exit(1),
    },
    onCommit: () => void (commits += 1),
  };
});
