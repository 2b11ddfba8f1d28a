import {
  Agent,
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

interface Target {
  url: string;
  isReady: boolean;
}

const askEveryMs = 100;
/** A node that stands still is not ready. */
const answerWithinMs = 1_000;

/**
 * A load balancer as in production: it asks `/readyz`, keeps connections open, passes on to the next node only what
 * never reached one, and pipes websockets.
 */
export class Balancer {
  private readonly targets: Target[];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly sockets = new Set<Socket>();
  private turn = 0;
  private timer: NodeJS.Timeout | null = null;
  url = '';

  private constructor(
    urls: string[],
    private readonly server: Server,
  ) {
    this.targets = urls.map((url) => ({ url, isReady: false }));
  }

  static async start(urls: string[]): Promise<Balancer> {
    const server = createServer();
    const balancer = new Balancer(urls, server);
    server.on('request', (request, response) => void balancer.pass(request, response));
    server.on('upgrade', (request, socket, head) => balancer.pipe(request, socket as Socket, head));
    server.on('connection', (socket) => balancer.note(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    balancer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await balancer.askAll();
    balancer.timer = setInterval(() => void balancer.askAll(), askEveryMs);
    return balancer;
  }

  get readyNodes(): string[] {
    return this.targets.filter(({ isReady }) => isReady).map(({ url }) => url);
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    this.agent.destroy();
    await closed;
  }

  private async askAll(): Promise<void> {
    await Promise.all(
      this.targets.map(async (target) => {
        const answer = await fetch(`${target.url}/readyz`, {
          signal: AbortSignal.timeout(answerWithinMs),
        }).catch(() => null);
        await answer?.arrayBuffer().catch(() => null);
        target.isReady = answer?.status === 200;
      }),
    );
  }

  private note(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }

  private next(tried: Set<Target>): Target | undefined {
    const ready = this.targets.filter((target) => target.isReady && !tried.has(target));
    return ready[this.turn++ % Math.max(1, ready.length)];
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.passTo(new Set(), request, Buffer.concat(chunks), response);
  }

  private passTo(tried: Set<Target>, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const target = this.next(tried);
    if (!target) return void response.writeHead(502).end('no node');
    const { method, headers, url } = request;
    const onward = ask(`${target.url}${url}`, { method, headers, agent: this.agent });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', (error: NodeJS.ErrnoException) => {
      // Only what no node has read may go to another one.
      if (error.code === 'ECONNREFUSED') {
        this.passTo(new Set([...tried, target]), request, body, response);
      } else if (response.headersSent) response.destroy();
      else response.writeHead(502).end(error.message);
    });
    onward.end(body);
  }

  private pipe(request: IncomingMessage, client: Socket, head: Buffer): void {
    const target = this.next(new Set());
    if (!target) return void client.destroy();
    const { hostname, port } = new URL(target.url);
    const node = connect(Number(port), hostname, () => {
      const lines = request.rawHeaders.flatMap((name, index, all) =>
        index % 2 === 0 ? [`${name}: ${all[index + 1]}`] : [],
      );
      node.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      node.write(head);
      node.pipe(client).pipe(node);
    });
    this.note(node);
    for (const [one, other] of [
      [node, client],
      [client, node],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  }
}
