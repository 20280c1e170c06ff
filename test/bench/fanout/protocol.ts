import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const KINDS = ['hub', 'socket.io', 'ws'] as const;
export type Kind = (typeof KINDS)[number];

export interface Load {
  /** Posts per second, arriving evenly. */
  rate: number;
  seconds: number;
}

/** What a server used from the first post until its clients had all of them. */
export interface ServerReport {
  posts: number;
  cpuMicroseconds: number;
}

export interface ClientReport {
  /** Of one client that reads the content. */
  posts: number;
  latenciesMs: number[];
  /** Of the content of all posts, in order. */
  digest: string;
  /** Over all clients, with framing. */
  bytes: number;
  /** Of the client that got least and of the one that got most. */
  leastBytes: number;
  mostBytes: number;
}

/** A process of its own on a core of its own, which answers one message at a time. */
export class Peer implements Disposable {
  readonly #child: ChildProcess;

  constructor(script: 'server' | 'clients', core: number, ...args: string[]) {
    const path = fileURLToPath(new URL(`./${script}.js`, import.meta.url));
    this.#child = spawn('taskset', ['-c', String(core), process.execPath, path, ...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  async ask<T>(question: object): Promise<T> {
    this.#child.send(question);
    return this.next<T>();
  }

  async next<T>(): Promise<T> {
    const ended = once(this.#child, 'exit').then(() => Promise.reject(new Error('The process ended early.')));
    const [answer] = (await Promise.race([once(this.#child, 'message'), ended])) as [T];
    return answer;
  }

  [Symbol.dispose](): void {
    this.#child.removeAllListeners('exit');
    this.#child.kill('SIGKILL');
  }
}
