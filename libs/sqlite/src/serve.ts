import type { DatabaseSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { packError, translateSqliteError } from './errors.ts';
import type { Answer, Notice, Request } from './protocol.ts';

/** What a worker offers: functions by name, in a group that says whether they change the database. */
// The arguments are those that the matching side declares; this thread trusts its own main thread.
export type Methods = Record<string, (...args: never[]) => unknown>;

/** An open database and what may be asked of it. */
export interface Served {
  db: DatabaseSync;
  reads: Methods;
  writes: Methods;
  /**
   * Those of the writes that may be undone when the machine loses power, as their caller then does them again: a
   * transaction of nothing else does not wait for the disk. A killed process loses nothing of them either.
   */
  repeatable?: ReadonlySet<string>;
  /** After a commit that changed something. */
  onCommit?: () => void;
  /** Before the database is closed. */
  onClose?: () => void;
}

/** Requests taken into one transaction at most: bounds the time that the first of them waits. */
const MAX_GROUP = 256;

/**
 * Serves requests on this worker's port; `open` is called once, at the main thread's first request. All writes that
 * wait are committed together, and answered after the commit.
 */
export function serve(path: string, open: () => Served): void {
  const port = parentPort;
  if (port === null) throw new Error('this module runs in a worker thread');
  let served: Served | undefined;
  port.on('message', (first: Request) => {
    if (first.method === 'open') port.postMessage(attempt(first.id, path, () => void (served = open())));
    else if (served === undefined)
      port.postMessage(attempt(first.id, path, () => raise(new Error('the database is not open'))));
    else for (const answer of handleGroup(takeWaiting(port, first), path, served)) port.postMessage(answer);
  });
}

function raise(error: unknown): never {
  throw error;
}

/** Tells the main thread something that it did not ask for. */
export function notify(notice: unknown): void {
  parentPort?.postMessage({ notice } satisfies Notice);
}

function takeWaiting(port: MessagePort, first: Request): Request[] {
  const group = [first];
  while (group.length < MAX_GROUP) {
    const next = receiveMessageOnPort(port);
    if (next === undefined) break;
    group.push(next.message as Request);
  }
  return group;
}

/**
 * One transaction for all. If a write fails, each request gets one of its own: savepoints would spare that, but SQLite
 * then copies every page before its first change, which more than doubles the time of all the writes that do not fail.
 */
function handleGroup(group: readonly Request[], path: string, served: Served): Answer[] {
  const { writes, repeatable } = served;
  const writing = group.filter(({ method }) => method in writes);
  if (writing.length === 0) return group.map((request) => run(request, path, served));
  const durable = writing.some(({ method }) => repeatable?.has(method) !== true);
  const answers = transaction(group, durable, path, served);
  const failed = answers.find(({ id, ok }) => !ok && writing.some((request) => request.id === id));
  if (failed === undefined) served.onCommit?.();
  if (failed === undefined || group.length === 1) return answers;
  return group.flatMap((request) => handleGroup([request], path, served));
}

/** Nothing is stored if one of the writes was answered with an error. */
function transaction(group: readonly Request[], durable: boolean, path: string, served: Served): Answer[] {
  const { db, writes } = served;
  const answers: Answer[] = [];
  try {
    db.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}; BEGIN IMMEDIATE`);
    for (const request of group) {
      const answer = run(request, path, served);
      answers.push(answer);
      if (!answer.ok && request.method in writes) return answers;
    }
    db.exec('COMMIT');
    return answers;
  } catch (error) {
    return group.map(({ id }) => attempt(id, path, () => raise(error)));
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}

function run({ id, method, args }: Request, path: string, { db, reads, writes, onClose }: Served): Answer {
  return attempt(id, path, () => {
    if (method === 'close') return close(db, onClose);
    const implementation = writes[method] ?? reads[method];
    if (implementation === undefined) throw new Error(`no method ${method}`);
    return implementation(...(args as never[]));
  });
}

function attempt(id: number, path: string, action: () => unknown): Answer {
  try {
    return { id, ok: true, result: action() };
  } catch (error) {
    return { id, ok: false, error: packError(translateSqliteError(error, path)) };
  }
}

function close(db: DatabaseSync, onClose: Served['onClose']): void {
  onClose?.();
  db.close();
}
