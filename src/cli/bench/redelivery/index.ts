import { parseArgs } from 'node:util';
import { geometricMean } from '../parts/percentiles';
import { figure, printTable } from '../parts/table';
import { auditCell } from '../path/audit';
import { redelivered, type Planned } from '../path/conversations';
import { freshMessages, runLoad } from '../path/run';
import { contestantOf, Stage, type Contestant } from '../path/stage';
import { nowMs } from '../processes/child';
import type { Ours } from '../processes/ours';

/** What platforms do that missed an answer. */
const oneInTen = { oneIn: 10, later: 50 };

/**
 * `npm run bench -- redelivery [--rate 120] [--seconds 10] [--pairs 3] [--short]`: what a webhook costs that came
 * before; and one in ten delivered twice, with a kill -9 half-way: the platform posts again what was not acknowledged,
 * to the server that goes on with what the first one kept. B4.
 */
export async function benchRedelivery(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rate: { type: 'string' },
      seconds: { type: 'string' },
      pairs: { type: 'string' },
      short: { type: 'boolean' },
    },
  });
  const isShort = values.short ?? false;
  const perSecond = Number(values.rate ?? 120);
  const seconds = Number(values.seconds ?? (isShort ? 4 : 10));
  const stage = await Stage.open();
  try {
    const ours = await stage.ours();
    const server = contestantOf(ours, 'tg');
    await runLoad(stage, server, { arrivals: 'constant', perSecond, count: isShort ? 200 : 500 });
    const size = { perSecond, count: Math.ceil(perSecond * seconds) };
    await compareCost(stage, server, { ...size, pairs: Number(values.pairs ?? (isShort ? 1 : 3)) });
    await killedHalfWay(stage, ours, size);
  } finally {
    await stage.close();
  }
}

interface Size {
  perSecond: number;
  count: number;
}

/** The same load once and twice over, there and back: all that is more is the cost of what came before. */
async function compareCost(
  stage: Stage,
  server: Contestant,
  { perSecond, count, pairs }: Size & { pairs: number },
): Promise<void> {
  const cpuUs = { once: [] as number[], twice: [] as number[] };
  const audits = new Set<string>();
  for (let pair = 0; pair < pairs; pair++)
    for (const kind of ['once', 'twice', 'twice', 'once'] as const) {
      const planned = plan({ count, perSecond });
      const messages = kind === 'once' ? planned : redelivered(planned, { oneIn: 1, later: 0 });
      const rate = (perSecond * messages.length) / count;
      const result = await runLoad(stage, server, { arrivals: 'poisson', perSecond: rate, count: messages.length, messages }); // prettier-ignore
      cpuUs[kind].push((result.cpuUsPerMessage * messages.length) / count);
      audits.add(auditCell(result.audit, result.refused));
    }
  const [once, twice] = [geometricMean(cpuUs.once), geometricMean(cpuUs.twice)];
  printTable(
    `B4: every webhook once and twice (${pairs} ABBA pairs of ${count} messages)`,
    ['CPU µs/message, once', 'twice', 'a repeated webhook', 'one in ten, a message', 'lost/doubled'],
    [
      [
        figure(once, 0),
        figure(twice, 0),
        figure(twice - once, 0),
        figure((twice - once) / 10),
        [...audits].join(', '),
      ],
    ],
  );
}

const plan = ({ count, perSecond }: Size): Planned[] =>
  freshMessages(count, { atOnce: Math.max(20, perSecond), perUser: 5 });

async function killedHalfWay(stage: Stage, first: Ours, size: Size): Promise<void> {
  // Each of another customer: what is posted again comes in any order.
  const planned = freshMessages(size.count, { atOnce: size.count, perUser: 1 });
  const messages = redelivered(planned, oneInTen);
  const load = runLoad(stage, contestantOf(first, 'tg'), {
    arrivals: 'poisson',
    perSecond: size.perSecond,
    count: messages.length,
    messages,
    insists: true,
  });
  await pause((size.count / size.perSecond) * 500);
  await first.end('SIGKILL');
  const killedAt = nowMs();
  const { dataDir } = first;
  await stage.ours({ dataDir, port: Number(new URL(first.url).port) });
  const readyAfterMs = nowMs() - killedAt;
  const result = await load;
  printTable(
    `B4: ${size.perSecond} messages/s, one in ten delivered twice, kill -9 half-way`,
    [
      'messages',
      'ready again after s',
      'slowest ack s',
      'slowest reply s',
      'drained after s',
      'lost/doubled',
    ],
    [
      [
        size.count,
        ...[readyAfterMs, result.ack.max, result.reply.max, result.drainMs].map((ms) => figure(ms / 1_000)),
        auditCell(result.audit, result.refused),
      ],
    ],
  );
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
