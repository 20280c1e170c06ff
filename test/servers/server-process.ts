import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerSpec {
  /** For messages and the log file. */
  name: string;
  /** Folder for the log file `<name>.log`; working folder of the process. */
  dir: string;
  /** Program and arguments. */
  command: (port: number) => readonly [program: string, ...args: string[]];
  /** Added to the environment of the tests. */
  env?: Record<string, string>;
  /** 127.0.0.1:port; a free one unless told. */
  port?: number;
  /** How long until it listens, at the most. */
  readyWithinMs?: number;
}

/** A server that a test owns: started, killed and started again on one port, with what its folder holds. */
export class ServerProcess {
  readonly port: number;
  private readonly spec: ServerSpec;
  private child: ChildProcess | undefined;
  private readonly endWithTests = (): void => void this.child?.kill('SIGKILL');

  private constructor(spec: ServerSpec, port: number) {
    this.spec = spec;
    this.port = port;
    process.once('exit', this.endWithTests);
  }

  /** Resolves when it accepts connections; rejects with the end of its log if it does not. */
  static async start(spec: ServerSpec): Promise<ServerProcess> {
    const server = new ServerProcess(spec, spec.port ?? (await freePort()));
    await server.start();
    return server;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts it again, on the same port. It must have ended. */
  async start(): Promise<void> {
    if (this.child !== undefined) throw new Error(`${this.spec.name} runs already`);
    const [program, ...args] = this.spec.command(this.port);
    const log = openSync(this.logFile, 'a');
    const env = { ...process.env, ...this.spec.env };
    const child = spawn(program, args, { cwd: this.spec.dir, env, stdio: ['ignore', log, log] });
    closeSync(log);
    child.once('exit', () => (this.child = undefined));
    this.child = child;
    await once(child, 'spawn');
    await this.listening(child);
  }

  /** As if the power went: no clean end. */
  async kill9(): Promise<void> {
    await this.end('SIGKILL', 5_000);
  }

  /** A clean end, by force after 15 s. */
  async stop(): Promise<void> {
    process.off('exit', this.endWithTests);
    if (!(await this.end('SIGTERM', 15_000))) await this.kill9();
  }

  private async end(signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
    const child = this.child;
    if (child === undefined) return true;
    const ended = once(child, 'exit').then(() => true);
    child.kill(signal);
    return Promise.race([ended, sleep(withinMs, false, { ref: false })]);
  }

  private async listening(child: ChildProcess): Promise<void> {
    const withinMs = this.spec.readyWithinMs ?? 30_000;
    const deadline = Date.now() + withinMs;
    while (!(await accepts(this.port))) {
      if (this.child !== child) throw new Error(`${this.spec.name} ended at its start:\n${this.logTail()}`);
      if (Date.now() > deadline) {
        await this.kill9();
        throw new Error(`${this.spec.name} does not listen after ${withinMs} ms:\n${this.logTail()}`);
      }
      await sleep(50);
    }
  }

  private get logFile(): string {
    return join(this.spec.dir, `${this.spec.name}.log`);
  }

  private logTail(): string {
    return readFileSync(this.logFile, 'utf8').split('\n').slice(-20).join('\n');
  }
}

/** A TCP port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
