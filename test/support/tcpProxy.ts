import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a service and its database, and fails as networks and machines do. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private state: 'open' | 'mute' | 'closed' = 'open';
  private lastWords: string | null = null;

  private constructor(
    private readonly server: Server,
    /** Where it listens, as host:port. */
    readonly address: string,
  ) {}

  static async to(databaseUrl: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(databaseUrl);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new TcpProxy(server, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (client) => proxy.join(client, connect(Number(port), hostname)));
    return proxy;
  }

  /** The same database, through here. */
  through(databaseUrl: string): string {
    return databaseUrl.replace(new URL(databaseUrl).host, this.address);
  }

  /** From now on nothing of what the database answers arrives. */
  mute(): void {
    this.state = 'mute';
  }

  /** Nothing of what the database answers to a statement with that text, or after it, arrives. */
  muteAfter(statement: string): void {
    this.lastWords = statement;
  }

  /** Breaks all connections, and each that is tried. */
  close(): void {
    this.state = 'closed';
    this.lastWords = null;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Breaks all connections, and takes new ones. */
  reopen(): void {
    this.close();
    this.state = 'open';
  }

  async stop(): Promise<void> {
    this.close();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket, database: Socket): void {
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.on('data', (data) => {
        const last = this.lastWords;
        if (one === client && last !== null && data.includes(last)) this.mute();
        if (one === client || this.state === 'open') other.write(data);
      });
    }
    if (this.state === 'closed') client.destroy();
  }
}
