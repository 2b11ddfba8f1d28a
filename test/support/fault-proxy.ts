import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What may happen to one request of the store's client. */
export type Fault = 'cut before' | 'cut after' | 'delay' | 'reset';
export const faults: Fault[] = ['cut before', 'cut after', 'delay', 'reset'];

interface Options {
  /** `host:port` of the store. */
  target: string;
  random: () => number;
  /** One request in so many meets a fault, until the budget is used up. */
  oneIn: number;
  budget: number;
}

/** What befalls every request until it is well again. `refuse` takes no connection; `freeze` takes everything and answers nothing. */
export type State = 'well' | 'refuse' | 'freeze' | 'garbage' | Fault;

const longestDelayMs = 400;

/**
 * Stands between us and the store and understands whole messages of its protocol, so that a fault hits a known moment:
 * before the store has read a request, after it has done it, in the middle of its answer.
 */
export class FaultProxy {
  readonly done = new Map<Fault, number>();
  private state: State = 'well';
  private isArmed = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly options: Options,
  ) {}

  static async start(options: Options): Promise<FaultProxy> {
    const server = createServer();
    const proxy = new FaultProxy(server, options);
    server.on('connection', (client) => proxy.serve(client));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get count(): number {
    return [...this.done.values()].reduce((sum, count) => sum + count, 0);
  }

  arm(isArmed: boolean): void {
    this.isArmed = isArmed;
  }

  become(state: State): void {
    const wasFrozen = this.state === 'freeze';
    this.state = state;
    // What was frozen is lost: whoever waits for it learns so now. A store that is only slow drops nobody.
    if (wasFrozen || state === 'refuse') for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(client: Socket): void {
    if (this.state === 'refuse') return void client.resetAndDestroy();
    const [host, port] = this.options.target.split(':');
    const store = connect(Number(port), host);
    for (const [one, other] of [
      [client, store],
      [store, client],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    let fault: Fault | null = null;
    eachMessage(client, (request) => {
      if (this.state === 'freeze') return;
      fault = this.draw();
      if (fault === 'cut before') client.destroy();
      else store.write(request);
    });
    eachMessage(store, (answer) => {
      if (this.state === 'freeze') return;
      if (this.state === 'garbage') return void client.write(garbled(answer));
      const now = fault;
      fault = null;
      if (now === 'cut after') client.destroy();
      else if (now === 'reset')
        client.write(answer.subarray(0, answer.length >> 1), () => client.resetAndDestroy());
      else if (now === 'delay')
        setTimeout(() => client.write(answer), this.options.random() * longestDelayMs);
      else client.write(answer);
    });
  }

  private draw(): Fault | null {
    const constant = faults.find((fault) => fault === this.state);
    if (constant) return constant;
    const { random, oneIn, budget } = this.options;
    if (!this.isArmed || this.count >= budget || random() * oneIn >= 1) return null;
    const fault = faults[Math.floor(random() * faults.length)] ?? 'delay';
    this.done.set(fault, (this.done.get(fault) ?? 0) + 1);
    return fault;
  }
}

/** As long as the answer says it is, and nothing of it can be read. */
function garbled(answer: Buffer): Buffer {
  const garbage = Buffer.alloc(answer.length, 0xff);
  answer.copy(garbage, 0, 0, 16);
  return garbage;
}

/** Whole messages: each begins with its own length. */
function eachMessage(socket: Socket, take: (message: Buffer) => void): void {
  let waiting: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 4 && waiting.length >= waiting.readInt32LE(0)) {
      const length = waiting.readInt32LE(0);
      take(waiting.subarray(0, length));
      waiting = waiting.subarray(length);
    }
  });
}
