import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';

export const SERVER_CORE = 0;
export const CLIENTS_CORE = 1;

/** A process of its own on a core of its own, which answers one message at a time. */
export class Peer implements Disposable {
  readonly #child: ChildProcess;

  /** `script`: the path of a built module. */
  constructor(script: string, core: number, ...args: string[]) {
    this.#child = spawn('taskset', ['-c', String(core), process.execPath, '--expose-gc', script, ...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  async ask<T>(question: object): Promise<T> {
    this.#child.send(question);
    return this.next<T>();
  }

  async next<T>(): Promise<T> {
    const settled = new AbortController();
    const { signal } = settled;
    const ended = once(this.#child, 'exit', { signal }).then(() =>
      Promise.reject(new Error('The process ended early.')),
    );
    try {
      const [answer] = (await Promise.race([once(this.#child, 'message', { signal }), ended])) as [T];
      return answer;
    } finally {
      ended.catch(() => undefined);
      settled.abort();
    }
  }

  [Symbol.dispose](): void {
    this.#child.removeAllListeners('exit');
    this.#child.kill('SIGKILL');
  }
}

export function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`;
}
