import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Where a connection breaks: after so many bytes of what the client sends, or of what it is answered. */
export interface Break {
  of: 'request' | 'answer';
  afterBytes: number;
}

/** A connection as in a lift: a TCP proxy that resets a connection in the middle of what passes, when the test says so. */
export class WeakLine {
  /** How many connections were broken. */
  broken = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    private readonly draw: () => Break | null,
  ) {}

  /** `draw` is asked for each new connection; null: it holds. */
  static async start(target: string, draw: () => Break | null): Promise<WeakLine> {
    const server = createServer();
    const line = new WeakLine(server, new URL(target), draw);
    server.on('connection', (client) => line.serve(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    const broken = this.draw();
    const fall = () => {
      this.broken += 1;
      client.resetAndDestroy();
      server.resetAndDestroy();
    };
    this.pass(client, server, broken?.of === 'request' ? broken.afterBytes : Infinity, fall);
    this.pass(server, client, broken?.of === 'answer' ? broken.afterBytes : Infinity, fall);
  }

  private pass(from: Socket, to: Socket, bytesLeft: number, fall: () => void): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => {
      if (chunk.length < bytesLeft) {
        bytesLeft -= chunk.length;
        return void to.write(chunk);
      }
      const last = chunk.subarray(0, bytesLeft);
      bytesLeft = 0;
      // What came through so far arrives before the line goes.
      if (to.destroyed || !last.length) fall();
      else to.write(last, fall);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
