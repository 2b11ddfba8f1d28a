import { Cluster } from '../../support/cluster';
import { hasNginx, Nginx } from '../../support/nginx';
import { describeWithRedis } from '../../support/redis';
import { RedisProcess } from '../../support/redis-process';
import { ServerProcess } from '../../support/server-process';
import { StoreProcess } from '../../support/store-process';
import { until } from '../../support/until';

(hasNginx ? describeWithRedis : describe.skip)(
  'two nodes behind nginx, with the file that compose.yaml mounts',
  () => {
    let redis: RedisProcess;
    let store: StoreProcess;
    let cluster: Cluster;
    let nginx: Nginx;
    let users = 70_000;

    beforeAll(async () => {
      ServerProcess.build();
      redis = await RedisProcess.start();
      store = await StoreProcess.start();
      cluster = await Cluster.start({ nodes: 2, mongodbUrl: store.url, redisUrl: redis.url });
      nginx = await Nginx.start([cluster.node(0).url, cluster.node(1).url]);
    }, 120_000);
    afterAll(async () => {
      await nginx?.stop();
      await cluster?.stop();
      await redis?.stop();
      await store?.remove();
    }, 60_000);

    /** Writes one after another; answers what nginx said. */
    async function write(count: number): Promise<(number | null)[]> {
      const statuses: (number | null)[] = [];
      for (let i = 0; i < count; i++)
        statuses.push(
          await cluster.post(nginx.url, cluster.update(++users, 'how long until my order ships?')),
        );
      return statuses;
    }

    test('webhooks and the API go to both nodes, and websockets are passed through', async () => {
      expect(new Set(await write(40))).toEqual(new Set([200]));
      const shareOf = async ({ url }: ServerProcess) => {
        const page = await (await fetch(`${url}/metrics`)).text();
        return Number(/^parley_webhook_seconds_count{[^}]*status="200"} (\d+)$/m.exec(page)?.[1]);
      };
      const shares = await Promise.all(cluster.nodes.map(shareOf));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(40);
      // Each node has its part, between 40 and 60 of 100, and what they answer together is everything, once.
      for (const share of shares) expect(share).toBeGreaterThanOrEqual(16);
      await until(() => cluster.telegram.accepted.length >= 40);
      expect(new Set(cluster.telegram.accepted.map(({ chatId }) => chatId)).size).toBe(40);
      expect(cluster.telegram.accepted).toHaveLength(40);
      const li = await cluster.signIn(nginx.url, 'li');
      const feed = li.console();
      await feed.waitFor('ready', undefined, 15_000);
      await write(1);
      await feed.waitFor('message:created', ({ data }) => data.message.author === 'contact', 15_000);
      expect(feed.socket.io.engine.transport.name).toBe('websocket');
      feed.close();
    }, 60_000);

    test('metrics are not for the outside', async () => {
      expect((await fetch(`${nginx.url}/metrics`)).status).toBe(404);
      expect((await fetch(`${cluster.node(0).url}/metrics`)).status).toBe(200);
    });

    test('one node drains and the other is killed afterwards: every webhook still gets its 200', async () => {
      const [first, second] = [cluster.node(0), cluster.node(1)];
      let isOver = false;
      const writing = (async () => {
        const statuses: (number | null)[] = [];
        while (!isOver) statuses.push(...(await write(1)));
        return statuses;
      })();
      expect(await first.end('SIGTERM')).toBe(0);
      await first.start();
      // nginx asks a node that refused again after a second.
      await until(async () =>
        (await (await fetch(`${first.url}/metrics`)).text()).includes('status="200"} '),
      );
      await second.end('SIGKILL');
      await second.start();
      isOver = true;
      const statuses = await writing;
      expect(statuses.length).toBeGreaterThan(0);
      expect(statuses.filter((status) => status !== 200)).toEqual([]);
    }, 120_000);
  },
);
