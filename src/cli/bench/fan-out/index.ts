import { parseArgs } from 'node:util';
import { spreadOf } from '../parts/percentiles';
import { figure, printTable, ratio, type Cell } from '../parts/table';
import { Stage } from '../path/stage';
import type { Child } from '../processes/child';
import type { Heard } from './consoles';
import { tellersOf, type Teller } from './tellers';

interface Result {
  toFirstMs: number;
  spreadMs: number;
  toLastMs: number;
  heard: string;
  kbEach: number;
}

/**
 * `npm run bench -- fan-out [--sockets 50,200,1000] [--rounds 15] [--short]`: one event to N open consoles, beside a
 * broadcast of bare Socket.IO with the same payload. B5.
 */
export async function benchFanOut(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { sockets: { type: 'string' }, rounds: { type: 'string' }, short: { type: 'boolean' } },
  });
  const sizes = (values.sockets ?? (values.short ? '50,200' : '50,200,1000')).split(',').map(Number);
  const rounds = Number(values.rounds ?? (values.short ? 5 : 15));
  const stage = await Stage.open();
  try {
    const [ours, bare] = await tellersOf(stage, await stage.ours());
    const rows: Cell[][] = [];
    for (const size of sizes) {
      const pair = [
        await measure(stage, ours, { size, rounds }),
        await measure(stage, bare, { size, rounds }),
      ];
      rows.push(
        ...pair.map((result, at) => cellsOf([ours, bare][at] as Teller, size, result, pair[1] as Result)),
      );
    }
    printTable(
      `B5: one event to N consoles (medians of ${rounds}; ours begins with the request that causes the event: stored, relayed, read, told)`,
      [
        'server',
        'consoles',
        'to first ms',
        'first to last',
        'of bare',
        'to last',
        'of bare',
        'kB each',
        'heard',
      ],
      rows,
    );
  } finally {
    await stage.close();
  }
}

async function measure(stage: Stage, teller: Teller, { size, rounds }: { size: number; rounds: number }) {
  const consoles = stage.child('fan-out/consoles.js');
  const keptBefore = await teller.keptBytes();
  const { url, token } = teller;
  await consoles.ask('connect', { url, token, count: size });
  await new Promise((wait) => setTimeout(wait, 500));
  const kbEach = ((await teller.keptBytes()) - keptBefore) / size / 1_024;
  const found: { at: number; heard: Heard }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const result = await tellOnce(teller, consoles, { text: `round ${round} of ${size}`, size });
    // The first warms up.
    if (round > 0) found.push(result);
  }
  await consoles.ask('leave');
  await consoles.end();
  const median = (pick: (one: (typeof found)[number]) => number) => spreadOf(found.map(pick)).p50;
  return {
    toFirstMs: median(({ at, heard }) => heard.firstAtMs - at),
    spreadMs: median(({ heard }) => heard.lastAtMs - heard.firstAtMs),
    toLastMs: median(({ at, heard }) => heard.lastAtMs - at),
    heard: `${found.reduce((sum, { heard }) => sum + heard.heard, 0)}/${size * rounds}`,
    kbEach,
  };
}

async function tellOnce(teller: Teller, consoles: Child, { text, size }: { text: string; size: number }) {
  await consoles.ask('arm', text);
  const at = await teller.tell(text);
  const heard = await consoles.ask<Heard>('heard', { count: size, withinMs: 10_000 });
  // One that is heard twice would show within this time.
  await new Promise((wait) => setTimeout(wait, 100));
  return { at, heard };
}

const cellsOf = (teller: Teller, size: number, result: Result, bare: Result): Cell[] => [
  teller.name,
  size,
  figure(result.toFirstMs),
  figure(result.spreadMs),
  ratio(result.spreadMs / bare.spreadMs),
  figure(result.toLastMs),
  ratio(result.toLastMs / bare.toLastMs),
  figure(result.kbEach, 0),
  result.heard,
];
