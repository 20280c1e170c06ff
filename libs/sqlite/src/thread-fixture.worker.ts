/* Used by thread.spec.ts alone: a table of numbers, and ways to fail. */
import { getPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { giveWay, notify, openDatabase, serve } from './index.ts';

export interface NumbersApi {
  add(...numbers: number[]): void;
  /** Adds, then fails. */
  addAndFail(number: number): void;
  /** Adds as many bytes. */
  fill(bytes: number): void;
  /** As add, but may be undone by a loss of power. */
  addAgain(...numbers: number[]): void;
  /** Whether the last commit waited for the disk, and how many did not although `add` was among them. */
  waited(): { last: boolean; tooFew: number };
  /** The thread's "nice" value. */
  niceness(): number;
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
const TABLE = 'CREATE TABLE numbers (n INTEGER, filler BLOB) STRICT';

giveWay();
serve(path, () => {
  const db = openDatabase({ path, applicationId: 7, migrations: [TABLE] });
  const insert = db.prepare('INSERT INTO numbers VALUES (?, ?)');
  const all = db.prepare('SELECT n FROM numbers WHERE n IS NOT NULL ORDER BY rowid');
  let [commits, added] = [0, false];
  const waited = { last: false, tooFew: 0 };
  const addAgain = (...numbers: number[]) => numbers.forEach((number) => insert.run(number, null));
  const add = (...numbers: number[]) => {
    added = true;
    addAgain(...numbers);
  };
  return {
    db,
    reads: {
      all: () => all.all().map((row) => row['n']),
      commits: () => commits,
      waited: () => waited,
      niceness: () => getPriority(),
      limit: (pages: number) => db.exec(`PRAGMA max_page_count = ${pages}`),
      say: (word: string) => notify(word),
    },
    writes: {
      add,
      addAgain,
      addAndFail(number: number) {
        add(number);
        throw new Error('on purpose');
      },
      fill: (bytes: number) => void insert.run(null, new Uint8Array(bytes)),
      die: () => process.exit(1),
    },
    repeatable: new Set(['addAgain']),
    onCommit() {
      commits += 1;
      waited.last = db.prepare('PRAGMA synchronous').get()?.['synchronous'] === 2;
      if (added && !waited.last) waited.tooFew += 1;
      added = false;
    },
  };
});
