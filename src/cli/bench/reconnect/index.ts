import { parseArgs } from 'node:util';
import { tellersOf, type Teller } from '../fan-out/tellers';
import { cpuMsOf } from '../parts/cpu';
import { spreadOf } from '../parts/percentiles';
import { figure, printTable, ratio } from '../parts/table';
import { embeddedUrl, Stage } from '../path/stage';
import type { Child } from '../processes/child';
import type { Ours } from '../processes/ours';
import type { Counts } from '../processes/witness';
import { signInMany } from './agents';
import type { Back, Crowd } from './crowd';

interface Storm {
  p50Ms: number;
  p99Ms: number;
  cpuUsEach: number;
  missed: number;
  /** Commands to the store; NaN where there is none. */
  commands: number;
}

/** What happens while they are away. */
const notes = ['one', 'two', 'three', 'four', 'five'];
const longestMs = 60_000;

/**
 * `npm run bench -- reconnect [--sockets 2000] [--rounds 3] [--short]`: the connections of N consoles are cut together, and
 * a second later all come back at once and catch up; beside bare Socket.IO, whose clients miss what was told. B6.
 */
export async function benchReconnect(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { sockets: { type: 'string' }, rounds: { type: 'string' }, short: { type: 'boolean' } },
  });
  const count = Number(values.sockets ?? (values.short ? 300 : 2_000));
  const rounds = Number(values.rounds ?? (values.short ? 1 : 3));
  const stage = await Stage.open();
  try {
    const server = await stage.ours({ countsCommands: true, env: { PARLEY_TRUST_PROXY: '1' } });
    const tokens = await signInMany(embeddedUrl(server), count);
    const [ours, bare] = await tellersOf(stage, server);
    const found = {
      ours: await storms(stage, ours, { crowd: { url: ours.url, tokens, resumes: true }, rounds, server }),
      bare: await storms(stage, bare, {
        crowd: { url: bare.url, tokens, resumes: false },
        rounds,
        server: null,
      }),
    };
    print(count, rounds, found);
  } finally {
    await stage.close();
  }
}

async function storms(
  stage: Stage,
  teller: Teller,
  { crowd, rounds, server }: { crowd: Crowd; rounds: number; server: Ours | null },
): Promise<Storm> {
  const consoles = stage.child('reconnect/crowd.js');
  await consoles.ask('connect', crowd);
  const found: Storm[] = [];
  for (let round = 0; round < rounds; round++)
    found.push(await storm(teller, consoles, { round, count: crowd.tokens.length, server }));
  await consoles.ask('leave');
  await consoles.end();
  const median = (pick: (one: Storm) => number) => spreadOf(found.map(pick)).p50;
  return {
    p50Ms: median(({ p50Ms }) => p50Ms),
    p99Ms: median(({ p99Ms }) => p99Ms),
    cpuUsEach: median(({ cpuUsEach }) => cpuUsEach),
    commands: median(({ commands }) => commands),
    missed: found.reduce((sum, { missed }) => sum + missed, 0),
  };
}

async function storm(
  teller: Teller,
  consoles: Child,
  { round, count, server }: { round: number; count: number; server: Ours | null },
): Promise<Storm> {
  // What they were told when they came does not count.
  await pause(1_000);
  await consoles.ask('cut');
  const texts = notes.map((note) => `${note} of round ${round}`);
  for (const text of texts) await teller.tell(text);
  const before = { cpu: cpuMsOf(teller.pid), commands: await commandsOf(server) };
  const { backMs, missed } = await consoles.ask<Back>('back', {
    texts: server ? texts : [],
    withinMs: longestMs,
  });
  const cpuMs = cpuMsOf(teller.pid) - before.cpu;
  const { p50, p99 } = spreadOf(backMs);
  const commands = (await commandsOf(server)) - before.commands;
  return { p50Ms: p50, p99Ms: p99, cpuUsEach: (cpuMs * 1_000) / count, missed, commands };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function commandsOf(server: Ours | null): Promise<number> {
  if (!server) return NaN;
  const { commands } = await server.child.ask<Counts>('counts');
  return Object.values(commands).reduce((sum, one) => sum + one, 0);
}

function print(count: number, rounds: number, { ours, bare }: { ours: Storm; bare: Storm }): void {
  const row = (name: string, one: Storm) => [
    name,
    figure(one.p50Ms, 0),
    figure(one.p99Ms, 0),
    ratio(one.p99Ms / bare.p99Ms),
    figure(one.cpuUsEach, 0),
    ratio(one.cpuUsEach / bare.cpuUsEach),
    one === bare ? '-' : figure(one.commands, 0),
    one === bare ? 'all' : `${one.missed}`,
  ];
  printTable(
    `B6: ${count.toLocaleString('en')} consoles cut together come back at once (medians of ${rounds}); ours: signed in, joined and caught up with ${notes.length} notes`,
    ['server', 'back p50 ms', 'p99', 'of bare', 'CPU µs each', 'of bare', 'commands to the store', 'missed'],
    [row('ours', ours), row('bare Socket.IO', bare)],
  );
}
