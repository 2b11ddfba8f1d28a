import { parseArgs } from 'node:util';
import { slopeOf } from '../parts/percentiles';
import { resourcesOf, type Resources } from '../parts/resources';
import { figure, printTable } from '../parts/table';
import { auditCell } from '../path/audit';
import { bestHeld, ceilingOf, climb } from '../path/ladder';
import { runLoad, type RunResult } from '../path/run';
import { contestantOf, Stage, type Contestant } from '../path/stage';
import { nowMs } from '../processes/child';
import type { Ours } from '../processes/ours';
import type { Counts } from '../processes/witness';

interface Sample extends Resources {
  atMinutes: number;
}

interface Found {
  samples: Sample[];
  loopP99Ms: number;
  /** What the main thread keeps alive after a collection, at the end of the warm-up and at the end. */
  keptMb: number[];
  result: RunResult;
}

const sampleEveryMs = 2_000;

/**
 * `npm run bench -- soak [--minutes 30] [--rate 120] [--short]`: half of the rate that is held, for long: what grows
 * after the warm-up (a third of the time, at most five minutes). B10.
 */
export async function benchSoak(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { minutes: { type: 'string' }, rate: { type: 'string' }, short: { type: 'boolean' } },
  });
  const minutes = Number(values.minutes ?? (values.short ? 0.5 : 30));
  const warmUpMinutes = Math.min(5, minutes / 3);
  const stage = await Stage.open();
  try {
    const ours = await stage.ours();
    const server = contestantOf(ours, 'tg');
    const perSecond = values.rate ? Number(values.rate) : await halfOfHeld(stage, server);
    const load = runLoad(stage, server, {
      arrivals: 'poisson',
      perSecond,
      count: Math.ceil(perSecond * minutes * 60),
      warmUp: Math.ceil(perSecond * warmUpMinutes * 60),
    });
    const watched = await watch(ours, { load, minutes, warmUpMinutes });
    print({ perSecond, minutes, warmUpMinutes }, { ...watched, result: await load });
  } finally {
    await stage.close();
  }
}

async function halfOfHeld(stage: Stage, server: Contestant): Promise<number> {
  await ceilingOf(stage, server, 300);
  const { mostPerSecond } = await ceilingOf(stage, server, 600);
  const steps = await climb(stage, server, {
    ceiling: mostPerSecond,
    seconds: 3,
    arrivals: 'poisson',
    shares: [0.25, 0.5, 0.75, 1],
  });
  return Math.ceil((bestHeld(steps)?.perSecond ?? mostPerSecond / 2) / 2);
}

interface Watched {
  load: Promise<unknown>;
  minutes: number;
  warmUpMinutes: number;
}

/** Looks at the server from outside while the load runs; its loop counts from the warm-up to the last message. */
async function watch(ours: Ours, { load, minutes, warmUpMinutes }: Watched) {
  const startAt = nowMs();
  const minutesSince = () => (nowMs() - startAt) / 60_000;
  let isOver = false;
  const end = load.finally(() => (isOver = true));
  const lookUntil = async (endMinutes: number) => {
    const samples: Sample[] = [];
    while (minutesSince() < endMinutes && !isOver) {
      samples.push({ atMinutes: minutesSince(), ...resourcesOf(ours.child.pid) });
      // A load that fails ends the watch.
      await Promise.race([end, new Promise((wait) => setTimeout(wait, sampleEveryMs))]);
    }
    return samples;
  };
  const keptMb = async () => (await ours.child.ask<number>('kept')) / 2 ** 20;
  await lookUntil(warmUpMinutes);
  const keptBefore = await keptMb();
  await ours.child.ask<Counts>('counts');
  const samples = await lookUntil(minutes);
  const { loopP99Ms } = await ours.child.ask<Counts>('counts');
  return { samples, loopP99Ms, keptMb: [keptBefore, await keptMb()] };
}

function print(
  { perSecond, minutes, warmUpMinutes }: { perSecond: number; minutes: number; warmUpMinutes: number },
  { samples, loopP99Ms, keptMb, result }: Found,
): void {
  const slope = (pick: (sample: Sample) => number) =>
    figure(slopeOf(samples.map((sample) => ({ x: sample.atMinutes, y: pick(sample) }))) * 10);
  const fromTo = (pick: (sample: Sample) => number, digits?: number) =>
    [samples[0], samples.at(-1)].map((sample) => (sample ? figure(pick(sample), digits) : '-')).join(' → ');
  printTable(
    `B10: ${perSecond} messages/s for ${minutes} min, the first ${figure(warmUpMinutes)} min not counted`,
    ['RSS MB', 'MB/10 min', 'without files MB', 'MB/10 min', 'kept MB', 'loop p99 ms', 'open files', 'ack p99 ms', 'reply p99', 'lost/doubled'], // prettier-ignore
    [
      [
        fromTo(({ rssMb }) => rssMb),
        slope(({ rssMb }) => rssMb),
        fromTo(({ ownMb }) => ownMb),
        slope(({ ownMb }) => ownMb),
        keptMb.map((mb) => figure(mb)).join(' → '),
        figure(loopP99Ms),
        fromTo(({ openFiles }) => openFiles, 0),
        figure(result.ack.p99),
        figure(result.reply.p99),
        auditCell(result.audit, result.refused),
      ],
    ],
  );
}
