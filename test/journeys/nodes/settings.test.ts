import type { SlaPolicy } from '../../../src/contract/policies';
import { Cluster } from '../../support/cluster';
import { describeWithRedis } from '../../support/redis';
import { RedisProcess } from '../../support/redis-process';
import { ServerProcess } from '../../support/server-process';
import { StoreProcess } from '../../support/store-process';
import { until } from '../../support/until';

describeWithRedis('settings on two nodes', () => {
  let redis: RedisProcess;
  let store: StoreProcess;
  let cluster: Cluster;
  beforeAll(async () => {
    ServerProcess.build();
    redis = await RedisProcess.start();
    store = await StoreProcess.start();
    cluster = await Cluster.start({ nodes: 2, mongodbUrl: store.url, redisUrl: redis.url });
  }, 120_000);
  afterAll(async () => {
    await cluster?.stop();
    await redis?.stop();
    await store?.remove();
  }, 60_000);

  test('policies and hours that one node changes hold on the other', async () => {
    const [here, there] = [
      await cluster.signIn(cluster.node(0).url, 'admin'),
      await cluster.signIn(cluster.node(1).url, 'admin'),
    ];
    const policy = { name: 'from the other node', firstResponseMinutes: 3 };
    expect((await here.patch('/sla-policies', { items: [policy] })).status).toBe(200);
    const hours = { timeZone: 'Asia/Shanghai', week: { mon: [['09:00', '18:00']] } };
    expect((await here.patch('/business-hours', { hours })).status).toBe(200);
    const policies = async () => (await there.get<{ items: SlaPolicy[] }>('/sla-policies')).body.items;
    await until(policies, ([first]) => first?.name === policy.name, 20_000);
    const zone = async () =>
      (await there.get<{ hours: { timeZone: string } | null }>('/business-hours')).body.hours?.timeZone;
    await until(zone, (name) => name === 'Asia/Shanghai', 20_000);
  }, 90_000);
});
