import type { DatabaseSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { packError, translateSqliteError, unpackError } from './errors.ts';
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

function handleGroup(group: Request[], path: string, served: Served): Answer[] {
  const { db, writes, repeatable } = served;
  const writing = group.filter((request) => request.method in writes);
  if (writing.length === 0) return group.map((request) => run(request, path, served));
  const durable = writing.some(({ method }) => repeatable?.has(method) !== true);
  try {
    db.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}; BEGIN IMMEDIATE`);
    const replies = group.map((request) => runInSavepoint(request, path, served));
    db.exec('COMMIT');
    served.onCommit?.();
    return replies;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    return group.map(({ id }) => attempt(id, path, () => raise(error)));
  }
}

function runInSavepoint(request: Request, path: string, served: Served): Answer {
  const { db, writes } = served;
  if (!(request.method in writes)) return run(request, path, served);
  db.exec('SAVEPOINT request');
  const reply = run(request, path, served);
  // A full disk can end the whole transaction: then nothing of the group was stored, and all get this error.
  if (!reply.ok && !db.isTransaction) throw unpackError(reply.error);
  if (!reply.ok) db.exec('ROLLBACK TO request');
  db.exec('RELEASE request');
  return reply;
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
