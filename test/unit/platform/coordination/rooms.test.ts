import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import type { Coordination } from '../../../../src/platform/coordination';
import { redisCoordination } from '../../../../src/platform/coordination/redis';
import { connectListener } from '../../../../src/platform/coordination/redis-client';
import { silentLogger } from '../../../../src/platform/log';
import { describeWithRedis, freshPrefix } from '../../../support/redis';
import { RedisProcess } from '../../../support/redis-process';
import { until } from '../../../support/until';

interface Node {
  io: Server;
  url: string;
  http: HttpServer;
  coordination: Coordination;
}

async function startNode(url: string, prefix: string): Promise<Node> {
  const coordination = redisCoordination({ url, prefix, log: silentLogger });
  const http = createServer();
  const server = new Server(http, { serveClient: false });
  coordination.attach(server);
  server.on('connection', (socket) => void socket.join('th_1'));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { io: server, http, coordination, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

async function stopNode({ io: server, coordination }: Node): Promise<void> {
  await server.close();
  await coordination.close();
}

describeWithRedis('rooms over several nodes', () => {
  let redis: RedisProcess;
  let prefix: string;
  let nodes: Node[];
  let clients: Socket[];
  const rejections: unknown[] = [];
  const note = (reason: unknown) => void rejections.push(reason);

  beforeEach(async () => {
    process.on('unhandledRejection', note);
    redis = await RedisProcess.start();
    prefix = freshPrefix();
    nodes = [await startNode(redis.url, prefix), await startNode(redis.url, prefix)];
    clients = nodes.map(({ url }) => io(url, { transports: ['websocket'] }));
    await until(() => clients.every((client) => client.connected));
  });
  afterEach(async () => {
    for (const client of clients) client.disconnect();
    for (const node of nodes) await stopNode(node);
    await redis.stop();
    process.off('unhandledRejection', note);
  });

  const [first, second] = [() => nodes[0] as Node, () => nodes[1] as Node];
  /** What is said to the room on the first node, until the client of the second hears it. */
  const crosses = async () => {
    const heard: string[] = [];
    clients[1]?.on('message', (text: string) => heard.push(text));
    await until(
      () => void first().io.to('th_1').emit('message', 'hello'),
      () => heard.length > 0,
    );
  };

  test('a room reaches sockets on the other node, and each node sees the sockets of all', async () => {
    await crosses();
    const sockets = await until(
      () => second().io.in('th_1').fetchSockets(),
      (found) => found.length === 2,
    );
    expect(sockets.map(({ id }) => id).sort()).toEqual(clients.map(({ id }) => id).sort());
  });

  test('without Redis each node serves its own sockets, nothing breaks, and it heals by itself', async () => {
    await crosses();
    await redis.stop();
    const heard: string[] = [];
    clients[0]?.on('presence', (text: string) => heard.push(text));
    first().io.to('th_1').emit('presence', 'alone');
    await until(() => heard.includes('alone'));
    await expect(first().io.timeout(500).in('th_1').fetchSockets()).rejects.toThrow();
    await redis.start();
    await crosses();
    await until(
      () => first().io.in('th_1').fetchSockets(),
      (found) => found.length === 2,
    );
    expect(rejections).toEqual([]);
  });

  test('a node that starts while Redis is away joins the others once it is there', async () => {
    await redis.stop();
    const late = await startNode(redis.url, prefix);
    nodes.push(late);
    const client = io(late.url, { transports: ['websocket'] });
    clients.push(client);
    await until(() => client.connected);
    const probe = connectListener(redis.url, silentLogger);
    await expect(probe.ping()).rejects.toThrow();
    probe.disconnect();
    await redis.start();
    const sockets = await until(
      () =>
        late.io
          .timeout(500)
          .in('th_1')
          .fetchSockets()
          .catch(() => []),
      (found) => found.length === 3,
    );
    expect(sockets.map(({ id }) => id)).toContain(client.id);
    expect(rejections).toEqual([]);
  });
});
