import { parseArgs } from 'node:util';
import { geometricMean } from '../parts/percentiles';
import { figure, printTable, ratio, type Cell } from '../parts/table';
import { auditCell } from './audit';
import { bestHeld, ceilingOf, climb, largestSlipMs, promise, type Step } from './ladder';
import { runLoad } from './run';
import { contestantOf, Stage, type Contestant } from './stage';
import { profiled } from './profile';
import { benchTrouble } from './trouble';

interface Options {
  seconds: number;
  pairs: number;
  shares: number[];
  isShort: boolean;
  cpuProf: boolean;
}

/**
 * `npm run bench -- path [--seconds 10] [--pairs 3] [--cpu-prof] [--short]`: signed webhook → durable → answered →
 * sent, beside the least that a server on the same store can do. B1, B2 and B3.
 */
export async function benchPath(args: string[]): Promise<void> {
  const options = readOptions(args);
  const stage = await Stage.open();
  try {
    const ours = await stage.ours();
    const telegram = contestantOf(ours, 'tg');
    const contestants = [telegram, contestantOf(ours, 'wx'), await stage.bare()];
    for (const one of contestants)
      await runLoad(stage, one, { arrivals: 'constant', perSecond: 100, count: options.isShort ? 200 : 500 });
    if (options.cpuProf)
      return await profiled(ours, () => ceilingOf(stage, telegram, options.isShort ? 400 : 1_500));
    const ceilings = await compareCeilings(stage, contestants, options);
    const held = await climbAll(stage, contestants, ceilings, options);
    await benchTrouble(stage, ours, held, options);
  } finally {
    await stage.close();
  }
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string' },
      pairs: { type: 'string' },
      short: { type: 'boolean' },
      'cpu-prof': { type: 'boolean' },
    },
  });
  const isShort = values.short ?? false;
  return {
    isShort,
    seconds: Number(values.seconds ?? (isShort ? 3 : 10)),
    pairs: Number(values.pairs ?? (isShort ? 1 : 3)),
    shares: isShort ? [0.25, 0.5, 0.75, 1] : [0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1],
    cpuProf: values['cpu-prof'] ?? false,
  };
}

/** All at once, there and back (ABBA), so that a machine that grows slower favours none. */
async function compareCeilings(stage: Stage, contestants: Contestant[], { pairs, isShort }: Options) {
  const found = new Map<Contestant, { mostPerSecond: number; cpuUsPerMessage: number; audit: string }[]>();
  const counts = new Map<Contestant, number>();
  for (const one of contestants) {
    const { mostPerSecond } = await ceilingOf(stage, one, 300);
    counts.set(one, Math.ceil(mostPerSecond * (isShort ? 1.5 : 3)));
  }
  for (let pair = 0; pair < pairs; pair++)
    for (const one of [...contestants, ...[...contestants].reverse()]) {
      const { mostPerSecond, cpuUsPerMessage, audit, refused } = await ceilingOf(
        stage,
        one,
        counts.get(one) ?? 300,
      );
      found.set(one, [
        ...(found.get(one) ?? []),
        { mostPerSecond, cpuUsPerMessage, audit: auditCell(audit, refused) },
      ]);
    }
  const means = new Map(
    contestants.map((one) => {
      const runs = found.get(one) ?? [];
      const mean = (pick: (run: (typeof runs)[number]) => number) => geometricMean(runs.map(pick));
      return [one, { most: mean((run) => run.mostPerSecond), cpu: mean((run) => run.cpuUsPerMessage), runs }];
    }),
  );
  const bare = means.get(contestants.at(-1) as Contestant);
  printTable(
    `Everything at once: the ceiling (${pairs} ABBA pairs, geometric means)`,
    ['server', 'messages/s', 'of bare', 'CPU µs/message', 'of bare', 'lost/doubled'],
    [...means].map(([one, { most, cpu, runs }]) => [
      one.name,
      figure(most, 0),
      ratio(most / (bare?.most ?? NaN)),
      figure(cpu, 0),
      ratio(cpu / (bare?.cpu ?? NaN)),
      [...new Set(runs.map((run) => run.audit))].join(', '),
    ]),
  );
  return new Map([...means].map(([one, { most }]) => [one, most]));
}

async function climbAll(
  stage: Stage,
  contestants: Contestant[],
  ceilings: Map<Contestant, number>,
  { seconds, shares, isShort }: Options,
): Promise<Map<Contestant, number>> {
  const rows: Cell[][] = [];
  const held = new Map<Contestant, number>();
  for (const one of contestants)
    for (const arrivals of isShort ? (['poisson'] as const) : (['constant', 'poisson'] as const)) {
      const ceiling = ceilings.get(one) ?? NaN;
      const steps = await climb(stage, one, { ceiling, seconds, arrivals, shares });
      rows.push(...steps.map((step) => [one.name, arrivals, ...stepCells(step)]));
      held.set(one, bestHeld(steps)?.perSecond ?? NaN);
    }
  printTable(
    `Open loop, ${seconds} s a step, latency from the scheduled time; held: ack p99 ≤ ${promise.ackP99Ms} ms, reply p99 ≤ ${promise.replyP99Ms} ms, nothing lost or doubled; void: the generator's own slip p99 > ${largestSlipMs} ms`,
    ['server', 'arrivals', 'messages/s', 'ack p50', 'p99 ms', 'reply p50', 'p99 ms', 'CPU µs/message', 'slip p99', 'lost/doubled', ''], // prettier-ignore
    rows,
  );
  const bare = held.get(contestants.at(-1) as Contestant) ?? NaN;
  printTable(
    'The highest rate held (Poisson)',
    ['server', 'messages/s', 'of bare'],
    [...held].map(([one, rate]) => [one.name, figure(rate, 0), ratio(rate / bare)]),
  );
  return held;
}

const stepCells = (step: Step): Cell[] => [
  step.perSecond,
  figure(step.ack.p50),
  figure(step.ack.p99),
  figure(step.reply.p50),
  figure(step.reply.p99),
  figure(step.cpuUsPerMessage, 0),
  figure(step.slipP99Ms, 1),
  auditCell(step.audit, step.refused),
  step.verdict,
];
