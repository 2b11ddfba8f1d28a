import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuMsOf } from '../parts/cpu';
import { figure, printTable, ratio, type Cell } from '../parts/table';
import { auditCell, type Audit } from '../path/audit';
import { runLoads, type RunResult } from '../path/run';
import { contestantOf, Stage, type Contestant } from '../path/stage';
import type { Child } from '../processes/child';
import type { Ours } from '../processes/ours';
import { startRedis } from '../processes/redis';
import { startStoreProcess } from '../store-process';

/** All the nodes of one run, and whatever else they need. */
interface Cluster {
  nodes: Ours[];
  contestants: Contestant[];
  generators: Child[];
}
interface Measured {
  nodes: number;
  results: RunResult[];
  /** Of the nodes' CPU, what each used. */
  shares: number[];
}

/**
 * `npm run bench -- nodes [--rate 20] [--seconds 10] [--short]`: the same load on one node and on two that share a store
 * and a Redis. B9. Two cores carry all of it, so that only cost and latency can be compared, not the ceiling.
 */
export async function benchNodes(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { rate: { type: 'string' }, seconds: { type: 'string' }, short: { type: 'boolean' } },
  });
  const seconds = Number(values.seconds ?? (values.short ? 4 : 15));
  const rates = values.rate ? [Number(values.rate)] : values.short ? [20] : [10, 30];
  const stage = await Stage.open();
  try {
    const redis = await startRedis();
    if (!redis) return console.log('\nNo redis-server found: one node is not compared with two.');
    stage.later(() => redis.close());
    const store = await startStoreProcess(join(stage.folder, 'shared-store'));
    stage.later(() => store.close());
    const env = {
      MONGODB_URL: store.url,
      REDIS_URL: redis.url,
      PARLEY_SECRET_KEY: randomBytes(32).toString('hex'),
    };
    const cluster: Cluster = {
      nodes: [],
      contestants: [],
      generators: [stage.generator, stage.child('processes/generator.js')],
    };
    const found: Measured[] = [];
    for (let count = 1; count <= 2; count++) {
      const node = await stage.ours({ env });
      cluster.nodes.push(node);
      const pids = [...cluster.nodes.map(({ child }) => child.pid), store.pid, redis.pid];
      cluster.contestants = cluster.nodes.map((one) => ({ ...contestantOf(one, 'tg', store.url), pids }));
      await load(stage, cluster, { rate: 50, seconds: 4 });
      for (const rate of rates) found.push(await measure(stage, cluster, { rate, seconds }));
    }
    print(found);
  } finally {
    await stage.close();
  }
}

/** Each node gets its part of the webhooks, as a balancer hands them out. */
function load(
  stage: Stage,
  { contestants, generators }: Cluster,
  { rate, seconds }: { rate: number; seconds: number },
) {
  const perSecond = rate / contestants.length;
  const options = { arrivals: 'poisson' as const, perSecond, count: Math.ceil(perSecond * seconds) };
  return runLoads(stage, contestants.map((server) => ({ server, options })), generators); // prettier-ignore
}

async function measure(
  stage: Stage,
  cluster: Cluster,
  size: { rate: number; seconds: number },
): Promise<Measured> {
  const cpu = () => cluster.nodes.map(({ child }) => cpuMsOf(child.pid));
  const before = cpu();
  const results = await load(stage, cluster, size);
  const used = cpu().map((ms, at) => ms - (before[at] ?? 0));
  const total = used.reduce((sum, ms) => sum + ms, 0);
  return { nodes: cluster.nodes.length, results, shares: used.map((ms) => ms / total) };
}

function print(found: Measured[]): void {
  const rateOf = ({ results }: Measured) => results.reduce((sum, { perSecond }) => sum + perSecond, 0);
  const base = (one: Measured) =>
    found.find((other) => other.nodes === 1 && rateOf(other) === rateOf(one)) ?? one;
  const worst = (one: Measured, pick: (result: RunResult) => number) => Math.max(...one.results.map(pick));
  printTable(
    'B9: one node and two on one store and one Redis; CPU of the nodes, the store and Redis together',
    ['nodes', 'messages/s', 'CPU µs/message', 'of one', 'share of each', 'ack p50 ms', 'p99', 'reply p50', 'more than one', 'reply p99', 'lost/doubled'], // prettier-ignore
    found.map((one): Cell[] => {
      const replyP50 = worst(one, ({ reply }) => reply.p50);
      return [
        one.nodes,
        figure(rateOf(one), 0),
        figure(worst(one, ({ cpuUsPerMessage }) => cpuUsPerMessage), 0), // prettier-ignore
        ratio(
          worst(one, (result) => result.cpuUsPerMessage) /
            worst(base(one), (result) => result.cpuUsPerMessage),
        ),
        one.shares.map((share) => `${(share * 100).toFixed(0)} %`).join(', '),
        figure(worst(one, ({ ack }) => ack.p50)), // prettier-ignore
        figure(worst(one, ({ ack }) => ack.p99)), // prettier-ignore
        figure(replyP50),
        `${figure(replyP50 - worst(base(one), ({ reply }) => reply.p50))} ms`,
        figure(worst(one, ({ reply }) => reply.p99)), // prettier-ignore
        auditCell(total(one.results.map(({ audit }) => audit))), // prettier-ignore
      ];
    }),
  );
}

const total = (audits: Audit[]): Audit =>
  audits.reduce((sum, one) => ({
    lost: sum.lost + one.lost,
    doubled: sum.doubled + one.doubled,
    unstored: sum.unstored + one.unstored,
    reordered: sum.reordered + one.reordered,
    strange: sum.strange + one.strange,
  }));
