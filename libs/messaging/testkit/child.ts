import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ProcessWord } from './contract-process.ts';
import type { MessagingTestBed, ProcessRole } from './driver.ts';

/** A further process and what it said. */
export interface Child {
  readonly words: readonly ProcessWord[];
  /** Resolves when it has said what fulfils the condition; rejects if it ends before. */
  until(condition: (words: readonly ProcessWord[]) => boolean): Promise<void>;
  /** kill -9; resolves when it is gone and all that it said was read. */
  kill(): Promise<void>;
}

export function startChild(bed: MessagingTestBed, role: ProcessRole): Child {
  const child: ChildProcess = bed.spawn(role);
  const { stdout } = child;
  if (stdout === null) throw new Error('the standard output of the process is no pipe');
  const words: ProcessWord[] = [];
  const lines = createInterface(stdout);
  const exited = once(child, 'exit');
  const closed = once(lines, 'close');
  let changed = Promise.withResolvers<void>();
  lines.on('line', (line) => {
    words.push(JSON.parse(line) as ProcessWord);
    changed.resolve();
    changed = Promise.withResolvers<void>();
  });
  return {
    words,
    async until(condition) {
      while (!condition(words)) {
        const ended = closed.then(() => {
          if (!condition(words)) throw new Error(`the process ended early, after it said ${JSON.stringify(words)}`);
        });
        await Promise.race([changed.promise, ended]);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await Promise.all([exited, closed]);
    },
  };
}
