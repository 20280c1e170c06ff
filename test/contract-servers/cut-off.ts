import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between clients and a server, and can keep the server's answers back. */
export class CutOff {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private deaf = false;
  private swallowed = Promise.withResolvers<void>();

  private constructor(
    readonly port: number,
    private readonly target: number,
  ) {}

  static async open(port: number, target: number): Promise<CutOff> {
    const cutOff = new CutOff(port, target);
    await cutOff.heal();
    return cutOff;
  }

  /** What clients send still gets there; no answer comes back. Resolves when one was kept back. */
  swallowAnswers(): Promise<void> {
    this.deaf = true;
    this.swallowed = Promise.withResolvers();
    return this.swallowed.promise;
  }

  /** Ends all connections and takes no new ones. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.close();
    for (const socket of this.sockets) socket.destroy();
    if (server !== undefined) await once(server, 'close');
  }

  async heal(): Promise<void> {
    this.deaf = false;
    this.server = createServer((client) => this.join(client)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private join(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('data', (bytes) => {
        if (socket === client || !this.deaf) other.write(bytes);
        else this.swallowed.resolve();
      });
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
