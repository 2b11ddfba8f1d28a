import type { Coordination, SignalName } from '../../../../src/platform/coordination';
import { inProcessCoordination } from '../../../../src/platform/coordination/in-process';
import { redisCoordination } from '../../../../src/platform/coordination/redis';
import { silentLogger } from '../../../../src/platform/log';
import { freshPrefix, redisUrl } from '../../../support/redis';
import { until } from '../../../support/until';

const kinds = [
  ['in process', () => inProcessCoordination()],
  ...(redisUrl ? [['on Redis', () => onRedis(freshPrefix())] as const] : []),
] as const;

const open: Coordination[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function onRedis(prefix: string): Coordination {
  const coordination = redisCoordination({ url: redisUrl ?? '', prefix, log: silentLogger });
  open.push(coordination);
  return coordination;
}

/** Resolves when what `from` says is heard at `to`. */
async function hears(from: Coordination, to: Coordination, name: SignalName, key: string): Promise<string[]> {
  const heard: string[] = [];
  to.signals.on(name, (told) => heard.push(told));
  await until(
    () => from.signals.send(name, key),
    () => heard.length > 0,
  );
  return heard;
}

describe.each(kinds)('coordination %s', (_name, start) => {
  test('a limiter refuses what is over the points and says when to come again', async () => {
    const limiter = start().limiter('sign-in', 2, 60);
    expect([await limiter.consume('li'), await limiter.consume('li')]).toEqual([
      { allowed: true, retryAfterMs: 0 },
      { allowed: true, retryAfterMs: 0 },
    ]);
    const refused = await limiter.consume('li');
    expect(refused.allowed).toBe(false);
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(await limiter.consume('han')).toMatchObject({ allowed: true });
  });

  test('peeking counts nothing, and a success forgets what was counted', async () => {
    const limiter = start().limiter('sign-in', 1, 60);
    expect([await limiter.peek('li'), await limiter.peek('li')].every(({ allowed }) => allowed)).toBe(true);
    await limiter.consume('li');
    expect(await limiter.peek('li')).toMatchObject({ allowed: false });
    await limiter.reset('li');
    expect(await limiter.consume('li')).toMatchObject({ allowed: true });
  });

  test('limiters of different names count apart', async () => {
    const coordination = start();
    await coordination.limiter('sign-in', 1, 60).consume('li');
    expect(await coordination.limiter('webchat', 1, 60).consume('li')).toMatchObject({ allowed: true });
  });

  test('a wake-up reaches its own process at once, with its key', () => {
    const { signals } = start();
    const heard: string[] = [];
    signals.on('inbox', (key) => heard.push(key));
    signals.send('inbox', 'th_1');
    signals.send('outbox', 'th_2');
    expect(heard).toEqual(['th_1']);
  });

  test('it has no problem while it answers, and hears nothing once it is closed', async () => {
    const coordination = start();
    await until(
      () => coordination.problem(),
      (problem) => problem === null,
    );
    const heard: string[] = [];
    coordination.signals.on('relay', (key) => heard.push(key));
    await coordination.signals.close();
    coordination.signals.send('relay');
    expect(heard).toEqual([]);
  });
});

(redisUrl ? describe : describe.skip)('two nodes on one Redis', () => {
  test('a wake-up reaches the other node', async () => {
    const prefix = freshPrefix();
    const heard = await hears(onRedis(prefix), onRedis(prefix), 'inbox', 'th_1');
    expect(new Set(heard)).toEqual(new Set(['th_1']));
  });

  test('a wake-up is heard once in the process that sent it', async () => {
    const prefix = freshPrefix();
    const [a, b] = [onRedis(prefix), onRedis(prefix)];
    await hears(a, b, 'relay', '');
    const heard: string[] = [];
    a.signals.on('outbox', (key) => heard.push(key));
    a.signals.send('outbox', 'th_9');
    await hears(b, a, 'articles', 'after');
    expect(heard).toEqual(['th_9']);
  });

  test('they count against the same limit', async () => {
    const prefix = freshPrefix();
    const [a, b] = [onRedis(prefix), onRedis(prefix)];
    for (const node of [a, b])
      await until(
        () => node.problem(),
        (problem) => problem === null,
      );
    const [here, there] = [a.limiter('sign-in', 2, 60), b.limiter('sign-in', 2, 60)];
    await here.consume('li');
    await there.consume('li');
    expect(await here.consume('li')).toMatchObject({ allowed: false });
    expect(await there.peek('li')).toMatchObject({ allowed: false });
  });

  test('another installation on the same Redis is another world', async () => {
    const [ours, theirs] = [onRedis(freshPrefix()), onRedis(freshPrefix())];
    const heard: string[] = [];
    theirs.signals.on('inbox', (key) => heard.push(key));
    await ours.limiter('sign-in', 1, 60).consume('li');
    expect(await theirs.limiter('sign-in', 1, 60).consume('li')).toMatchObject({ allowed: true });
    ours.signals.send('inbox', 'th_1');
    await hears(theirs, theirs, 'relay', 'last');
    expect(heard).toEqual([]);
  });
});
