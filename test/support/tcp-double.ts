import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server over bare sockets, for what HTTP libraries do not let one do: break off, stall, answer half. */
export abstract class TcpDouble {
  protected readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => this.serve(socket));

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  protected abstract serve(socket: Socket): void;

  protected listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }
}
