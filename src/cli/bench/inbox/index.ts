import { parseArgs } from 'node:util';
import { growthExponent, spreadOf, type Spread } from '../parts/percentiles';
import { figure, printTable, ratio } from '../parts/table';
import { powersOfTen } from '../cost';
import { embeddedUrl, Stage } from '../path/stage';
import { Api } from '../processes/api';
import { nowMs } from '../processes/child';
import type { Counts } from '../processes/witness';
import { examinedBy, type Examined } from './examined';
import { operationsOn } from './operations';
import { openSeeder } from './seed';
import { openSweeper } from './sweeper';

interface Timed extends Spread {
  size: number;
  examined: Examined;
}

/**
 * `npm run bench -- inbox [--grow 100000] [--rounds 100] [--short]`: what people wait for all day, with more and more
 * conversations stored. B7.
 */
export async function benchInbox(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { grow: { type: 'string' }, rounds: { type: 'string' }, short: { type: 'boolean' } },
  });
  const most = Number(values.grow ?? (values.short ? 10_000 : 100_000));
  const rounds = Number(values.rounds ?? (values.short ? 30 : 100));
  const stage = await Stage.open();
  try {
    const ours = await stage.ours();
    const api = { admin: await Api.signIn(ours, 'admin'), agent: await Api.signIn(ours, 'agent') };
    const seeder = await openSeeder(`${embeddedUrl(ours)}&monitorCommands=true`);
    const sweeper = openSweeper(seeder.connection);
    stage.later(async () => {
      await Promise.all([api.admin.close(), api.agent.close()]);
      await seeder.close();
    });
    const found = new Map<string, Timed[]>();
    const rss: string[] = [];
    for (const size of powersOfTen(most)) {
      const startedAt = nowMs();
      await seeder.growTo(size);
      const filledIn = figure((nowMs() - startedAt) / 1_000, 0);
      for (const { name, run, ask } of await operationsOn({ api, seeder, sweeper, size })) {
        const spread = await timed(run, rounds);
        const examined = await examinedBy(seeder.connection, ask);
        found.set(name, [...(found.get(name) ?? []), { ...spread, size, examined }]);
      }
      const { rssBytes } = await ours.child.ask<Counts>('counts');
      rss.push(`${figure(rssBytes / 2 ** 20, 0)} MB at ${size.toLocaleString('en')}`);
      // After each size, so that a run that is ended early has told what it found.
      print(found);
      console.log(
        `\nFilled in ${filledIn} s. Resident memory of the server and its store: ${rss.join(', ')}.`,
      );
    }
  } finally {
    await stage.close();
  }
}

async function timed(run: (round: number) => Promise<unknown>, rounds: number): Promise<Spread> {
  const times: number[] = [];
  for (let round = -10; round < rounds; round++) {
    const startedAt = nowMs();
    await run(round + 11);
    if (round >= 0) times.push(nowMs() - startedAt);
  }
  return spreadOf(times);
}

function print(found: Map<string, Timed[]>): void {
  const sizes = [...found.values()][0]?.map(({ size }) => size.toLocaleString('en')) ?? [];
  const of = ({ examined }: Timed) => `${examined.docs} + ${examined.keys}`;
  printTable(
    'B7: p50 / p99 in ms by conversations stored; what the store looks at, documents + keys of indexes',
    ['operation', ...sizes, 'last of first', 'n^b', 'examined, first', 'last'],
    [...found].map(([name, all]) => {
      const [first, last] = [all[0] as Timed, all.at(-1) as Timed];
      return [
        name,
        ...all.map(({ p50, p99 }) => `${figure(p50, 1)} / ${figure(p99, 1)}`),
        ratio(last.p50 / first.p50),
        all.length > 1 ? figure(growthExponent(all.map(({ size, p50 }) => ({ size, time: p50 }))), 2) : '-',
        of(first),
        of(last),
      ];
    }),
  );
}
