import { connect, type Socket } from 'node:net';
import { TcpDouble } from './tcp-double';

/** Where a connection breaks: after so many bytes of what the client sends, or of what it is answered. */
export interface Break {
  of: 'request' | 'answer';
  afterBytes: number;
}

/** A connection as in a lift: a TCP proxy that resets a connection in the middle of what passes, when the test says so. */
export class WeakLine extends TcpDouble {
  /** How many connections were broken. */
  broken = 0;

  private constructor(
    private readonly target: URL,
    private readonly draw: () => Break | null,
  ) {
    super();
  }

  /** `draw` is asked for each new connection; null: it holds. */
  static async start(target: string, draw: () => Break | null): Promise<WeakLine> {
    const line = new WeakLine(new URL(target), draw);
    await line.listen();
    return line;
  }

  protected serve(client: Socket): void {
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
