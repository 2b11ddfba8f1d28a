import { parseArgs } from 'node:util';
import { connectMongo } from '../../../platform/mongo/connection';
import { cpuMsOf } from '../parts/cpu';
import { figure, printTable, type Cell } from '../parts/table';
import { profiled } from '../path/profile';
import { embeddedUrl, Stage } from '../path/stage';
import type { Ours } from '../processes/ours';
import type { Counts } from '../processes/witness';
import { Cases, firstCase, type Range } from './cases';

interface Size {
  pending: number;
  due: number;
  isShort: boolean;
  cpuProf: boolean;
}

/**
 * `npm run bench -- timers [--pending 100000] [--due 10000] [--grow 1000000] [--cpu-prof] [--short]`: many promises that
 * run, of which some fall due within one second: how late each breach is written, and what is lost or doubled, also when
 * the server is killed half-way. B8.
 */
export async function benchTimers(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      pending: { type: 'string' },
      due: { type: 'string' },
      grow: { type: 'string' },
      short: { type: 'boolean' },
      'cpu-prof': { type: 'boolean' },
    },
  });
  const isShort = values.short ?? false;
  const due = Number(values.due ?? (isShort ? 1_000 : 10_000));
  const pending = Number(values.grow ?? values.pending ?? (isShort ? 10_000 : 100_000));
  const stage = await Stage.open();
  try {
    await runTimers(stage, { pending, due, isShort, cpuProf: values['cpu-prof'] ?? false });
  } finally {
    await stage.close();
  }
}

async function runTimers(stage: Stage, { pending, due, isShort, cpuProf }: Size): Promise<void> {
  let ours = await stage.ours();
  const connection = await connectMongo(embeddedUrl(ours));
  const cases = new Cases(connection);
  const idleMs = isShort ? 2_000 : 10_000;
  await pause(3_000);
  const idle = await cpuShare(ours, idleMs);
  await cases.addPending({ from: firstCase, count: pending });
  await pause(2_000);
  const idleAmongMany = await cpuShare(ours, idleMs);

  const whole = { from: firstCase + pending, count: due };
  if (cpuProf) {
    await profiled(ours, () => fallDue(cases, ours, whole));
    return connection.close();
  }
  const atOnce = await fallDue(cases, ours, whole);
  const halved = { from: whole.from + due, count: due };
  await connection.close();
  const killed = await killedHalfWay(stage, ours, halved);
  ours = killed.ours;

  printTable(
    `B8: ${due.toLocaleString('en')} promises broken within one second, among ${pending.toLocaleString('en')} that run; lateness from when each was due to when it was written`,
    ['server', 'lateness p50 s', 'p99 s', 'all in the log s', 'CPU µs/breach', 'loop p99 ms', 'lost/doubled'],
    [atOnce, killed.row],
  );
  console.log(
    `\nCPU of an idle server: ${figure(idle * 100)} % of a core without promises, ${figure(idleAmongMany * 100)} % with.`,
  );
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function cpuShare({ child }: Ours, forMs: number): Promise<number> {
  const before = cpuMsOf(child.pid);
  await pause(forMs);
  return (cpuMsOf(child.pid) - before) / forMs;
}

/** Time to write them all before the first is due. */
const leadMs = ({ count }: Range): number => 5_000 + count * 3;
const longestWaitMs = 180_000;

async function seedDue(cases: Cases, range: Range): Promise<number> {
  await cases.addTickets(range);
  const at = Date.now() + leadMs(range);
  await cases.addDue(range, { at, withinMs: 1_000 });
  if (Date.now() > at) throw new Error('The machine is too slow to write them before they are due.');
  await pause(at - Date.now());
  return at;
}

async function until(isSo: () => Promise<boolean>, everyMs: number): Promise<void> {
  const deadline = Date.now() + longestWaitMs;
  while (!(await isSo()) && Date.now() < deadline) await pause(everyMs);
}

async function fallDue(cases: Cases, ours: Ours, range: Range): Promise<Cell[]> {
  const at = await seedDue(cases, range);
  await ours.child.ask<Counts>('counts');
  const cpuBefore = cpuMsOf(ours.child.pid);
  await until(async () => (await cases.heard(range)) >= range.count, 500);
  const tookMs = Date.now() - at;
  const cpuMs = cpuMsOf(ours.child.pid) - cpuBefore;
  const { loopP99Ms } = await ours.child.ask<Counts>('counts');
  return rowOf('one server', await cases.audit(range), {
    tookMs,
    cpuUs: figure((cpuMs * 1_000) / range.count, 0),
    loop: figure(loopP99Ms),
  });
}

function rowOf(
  name: string,
  { lateness, lost, doubled }: Awaited<ReturnType<Cases['audit']>>,
  { tookMs, cpuUs, loop }: { tookMs: number; cpuUs: string; loop: string },
): Cell[] {
  const seconds = (ms: number) => figure(ms / 1_000);
  return [
    name,
    seconds(lateness.p50),
    seconds(lateness.p99),
    seconds(tookMs),
    cpuUs,
    loop,
    `${lost}/${doubled}`,
  ];
}

/** kill -9 when half of them are marked, and the next server goes on with what the first kept. */
async function killedHalfWay(stage: Stage, first: Ours, range: Range): Promise<{ ours: Ours; row: Cell[] }> {
  const before = await connectMongo(embeddedUrl(first));
  const watched = new Cases(before);
  const at = await seedDue(watched, range);
  await until(async () => (await watched.marked(at)) >= range.count / 2, 20);
  await Promise.all([first.end('SIGKILL'), before.close().catch(() => undefined)]);
  const killedAt = Date.now();
  const ours = await stage.ours({ dataDir: first.dataDir });
  const readyAt = Date.now();
  const connection = await connectMongo(embeddedUrl(ours));
  const cases = new Cases(connection);
  await until(async () => (await cases.heard(range)) >= range.count, 250);
  const tookMs = Date.now() - at;
  const row = rowOf(
    `killed half-way (ready again after ${figure((readyAt - killedAt) / 1_000)} s)`,
    await cases.audit(range),
    { tookMs, cpuUs: '-', loop: '-' },
  );
  await connection.close();
  return { ours, row };
}
