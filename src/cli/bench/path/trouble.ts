import { figure, printTable } from '../parts/table';
import { botTokens, type Ours } from '../processes/ours';
import type { Child } from '../processes/child';
import type { Manner } from '../processes/platform';
import { auditCell } from './audit';
import { runLoad, runLoads, type RunResult } from './run';
import { contestantOf, type Contestant, type Stage } from './stage';

const slow: Manner = { delayMs: 3_000, failing: 0, tooMany: 0 };
const failing: Manner = { delayMs: 0, failing: 0.05, tooMany: 0.01 };

/** B2: a slow or failing account beside a healthy one. B3: twice the rate that is held. */
export async function benchTrouble(
  stage: Stage,
  ours: Ours,
  held: Map<Contestant, number>,
  { isShort }: { isShort: boolean },
): Promise<void> {
  const rate = Math.max(4, ([...held].find(([{ name }]) => name.endsWith('telegram'))?.[1] || 20) * 0.5);
  await besideTrouble(stage, ours, rate, isShort ? 4 : 15);
  await burst(stage, contestantOf(ours, 'tg'), rate * 4, isShort ? 3 : 10);
}

async function besideTrouble(stage: Stage, ours: Ours, rate: number, seconds: number): Promise<void> {
  const second = stage.child('processes/generator.js');
  const rows: [string, RunResult[]][] = [];
  for (const [name, manner] of [
    ['healthy', null],
    ['3 s an answer', slow],
    ['5 % 500, 1 % 429', failing],
  ] as const) {
    await stage.platform.ask('behave', manner ? { [botTokens.slow]: manner } : {});
    rows.push([name, await twoAccounts(stage, ours, second, { rate: rate / 2, seconds })]);
  }
  await stage.platform.ask('behave', {});
  await second.end();
  printTable(
    `B2: ${figure(rate / 2, 0)} messages/s to each of two accounts, one of them in trouble`,
    ['the other account is', 'healthy: ack p99 ms', 'reply p99', 'of quiet', 'lost/doubled', 'troubled: ack p99', 'reply p50', 'lost/doubled'], // prettier-ignore
    rows.map(([name, [well, ill]]) => [
      name,
      figure(well?.ack.p99 ?? NaN),
      figure(well?.reply.p99 ?? NaN),
      `${((well?.reply.p99 ?? NaN) / (rows[0]?.[1][0]?.reply.p99 ?? NaN)).toFixed(2)}x`,
      well ? auditCell(well.audit, well.refused) : '-',
      figure(ill?.ack.p99 ?? NaN),
      figure(ill?.reply.p50 ?? NaN),
      ill ? auditCell(ill.audit, ill.refused) : '-',
    ]),
  );
}

function twoAccounts(
  stage: Stage,
  ours: Ours,
  second: Child,
  { rate, seconds }: { rate: number; seconds: number },
) {
  const options = { arrivals: 'poisson' as const, perSecond: rate, count: Math.ceil(rate * seconds) };
  const parts = (['tg', 'slow'] as const).map((account) => ({
    server: contestantOf(ours, account),
    options,
  }));
  return runLoads(stage, parts, [stage.generator, second]);
}

async function burst(stage: Stage, server: Contestant, perSecond: number, seconds: number): Promise<void> {
  const result = await runLoad(stage, server, {
    arrivals: 'poisson',
    perSecond,
    count: Math.ceil(perSecond * seconds),
  });
  printTable(
    `B3: twice the rate that is held, for ${seconds} s`,
    ['messages/s', 'ack p50 ms', 'p99', 'reply p50', 'p99', 'drained after', 'lost/doubled'],
    [
      [
        figure(perSecond, 0),
        figure(result.ack.p50),
        figure(result.ack.p99),
        figure(result.reply.p50),
        figure(result.reply.p99),
        `${figure(result.drainMs / 1_000)} s`,
        auditCell(result.audit, result.refused),
      ],
    ],
  );
}
