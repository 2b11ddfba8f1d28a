import type { Coordination } from '../../../../src/platform/coordination';
import { redisCoordination } from '../../../../src/platform/coordination/redis';
import { silentLogger } from '../../../../src/platform/log';
import { describeWithRedis, freshPrefix } from '../../../support/redis';
import { RedisProcess } from '../../../support/redis-process';
import { until } from '../../../support/until';

describeWithRedis('Redis goes away and comes back', () => {
  let redis: RedisProcess;
  let nodes: Coordination[];
  const isWell = (node: Coordination) =>
    until(
      () => node.problem(),
      (problem) => problem === null,
    );

  beforeEach(async () => {
    redis = await RedisProcess.start();
    const prefix = freshPrefix();
    nodes = [1, 2].map(() => redisCoordination({ url: redis.url, prefix, log: silentLogger }));
    for (const node of nodes) await isWell(node);
  });
  afterEach(async () => {
    for (const node of nodes) await node.close();
    await redis.stop();
  });

  test('the limit goes on in each process: it is never an open door', async () => {
    const limiter = (nodes[0] as Coordination).limiter('sign-in', 2, 60);
    await redis.stop();
    await until(
      () => (nodes[0] as Coordination).problem(),
      (problem) => problem !== null,
    );
    const answers = [];
    for (let guess = 0; guess < 4; guess++) answers.push((await limiter.consume('li')).allowed);
    expect(answers).toEqual([true, true, false, false]);
    expect((await limiter.peek('li')).allowed).toBe(false);
    await limiter.reset('li');
    expect((await limiter.peek('li')).allowed).toBe(true);
  });

  test('wake-ups stay inside the process, and cross again by themselves when it is back', async () => {
    const [a, b] = nodes as [Coordination, Coordination];
    const heard = { here: 0, there: 0 };
    a.signals.on('inbox', () => void heard.here++);
    b.signals.on('inbox', () => void heard.there++);
    await redis.stop();
    await until(
      () => a.problem(),
      (problem) => problem !== null,
    );
    a.signals.send('inbox', 'th_1');
    expect(heard).toEqual({ here: 1, there: 0 });
    await redis.start();
    for (const node of nodes) await isWell(node);
    await until(
      () => a.signals.send('inbox', 'th_1'),
      () => heard.there > 0,
    );
  });
});
