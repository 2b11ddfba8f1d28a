import { parseArgs } from 'node:util';
import { openSeeder } from '../inbox/seed';
import { runLoad } from '../path/run';
import { contestantOf, embeddedUrl, Stage } from '../path/stage';
import type { Ours } from '../processes/ours';
import { costOf, firstAndLater, useOf, type Cost } from './measure';
import { printCommands, printCosts, printGrowth } from './print';

/**
 * `npm run bench -- cost [--messages 200] [--grow 10000] [--short]`: what one message costs: CPU by thread, round trips
 * to the store by command and collection, and bytes; and how that grows with the store.
 */
export async function benchCost(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { messages: { type: 'string' }, grow: { type: 'string' }, short: { type: 'boolean' } },
  });
  const count = Number(values.messages ?? (values.short ? 50 : 200));
  const most = Number(values.grow ?? (values.short ? 1_000 : 10_000));
  const stage = await Stage.open();
  try {
    await roundTrips(stage, count);
    await growth(stage, { count, most });
  } finally {
    await stage.close();
  }
}

/** Slow enough that each is handled by itself. */
const alonePerSecond = 5;
const allAtOnce = 10_000;

/** Counting costs CPU itself, so the CPU is that of a second server, which does not count. */
async function roundTrips(stage: Stage, count: number): Promise<void> {
  const counting = await stage.ours({ countsCommands: true });
  await warm(stage, counting);
  const idle = await useOf(counting, () => new Promise((wait) => setTimeout(wait, 3_000)));
  const counted = await fourCases(stage, counting, count);
  await counting.end();
  const plain = await stage.ours();
  await warm(stage, plain);
  const timed = await fourCases(stage, plain, count);
  await plain.end();
  printCosts({ idle, counted, timed });
  printCommands({ idle, counted });
}

const warm = (stage: Stage, ours: Ours) =>
  runLoad(stage, contestantOf(ours, 'tg'), { arrivals: 'constant', perSecond: 100, count: 200 });

async function fourCases(stage: Stage, ours: Ours, count: number): Promise<Record<string, Cost>> {
  const alone = firstAndLater(Math.ceil(count / 5));
  const together = firstAndLater(count);
  const cost = (messages: typeof alone.first, perSecond: number) =>
    costOf(stage, ours, { messages, perSecond });
  return {
    'first, alone': await cost(alone.first, alonePerSecond),
    'later, alone': await cost(alone.later, alonePerSecond),
    'first, all at once': await cost(together.first, allAtOnce),
    'later, all at once': await cost(together.later, allAtOnce),
  };
}

/** The same messages, in a store that holds more and more. */
async function growth(stage: Stage, { count, most }: { count: number; most: number }): Promise<void> {
  const ours = await stage.ours({ countsCommands: true });
  await warm(stage, ours);
  const seeder = await openSeeder(embeddedUrl(ours));
  const found: { conversations: number; first: Cost; later: Cost }[] = [];
  try {
    for (const conversations of [0, ...powersOfTen(most)]) {
      await seeder.growTo(conversations);
      const { first, later } = firstAndLater(count);
      found.push({
        conversations,
        first: await costOf(stage, ours, { messages: first, perSecond: allAtOnce }),
        later: await costOf(stage, ours, { messages: later, perSecond: allAtOnce }),
      });
    }
  } finally {
    await seeder.close();
    await ours.end();
  }
  printGrowth(found);
}

/** 1,000, 10,000 … up to `most`. */
export function powersOfTen(most: number): number[] {
  const sizes: number[] = [];
  for (let size = 1_000; size <= most; size *= 10) sizes.push(size);
  return sizes;
}
