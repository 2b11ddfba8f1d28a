import { cpuMsOf } from '../parts/cpu';
import { arrivalTimes, seeded, type Arrivals } from '../parts/arrivals';
import { spreadOf, type Spread } from '../parts/percentiles';
import { nowMs } from '../processes/child';
import type { Load, LoadResult } from '../processes/generator';
import type { Replies } from '../processes/platform';
import { audit, keyOf, type Audit } from './audit';
import { planMessages, type Planned } from './conversations';
import { externalIdOf, isFine } from './profiles';
import type { Contestant, Stage } from './stage';

export interface RunOptions {
  arrivals: Arrivals;
  perSecond: number;
  count: number;
  /** How many each customer writes. */
  perUser?: number;
  /** Instead of new customers: exactly these. */
  messages?: Planned[];
  /** Of the first part of the load nothing is measured, but it is audited like the rest. */
  warmUp?: number;
  /** Posts again what is not acknowledged. */
  insists?: boolean;
}
export interface RunResult {
  perSecond: number;
  ack: Spread;
  reply: Spread;
  slipP99Ms: number;
  /** Answered with something else than 2xx, or not at all. */
  refused: number;
  audit: Audit;
  cpuUsPerMessage: number;
  /** From the first message to the last reply. */
  tookMs: number;
  /** From the last message to the last reply. */
  drainMs: number;
}

/** What is still not answered after nothing came for so long counts as lost. */
const longestSilenceMs = 20_000;
let nextUser = 1_000;

/** One load on one server: sent at its times, drained, and audited. */
export async function runLoad(stage: Stage, server: Contestant, options: RunOptions): Promise<RunResult> {
  const [result] = await runLoads(stage, [{ server, options }]);
  return result as RunResult;
}

interface Part {
  server: Contestant;
  options: RunOptions;
}

/** Several loads at once, each with its own report; CPU counts for all of them together. */
export async function runLoads(
  stage: Stage,
  parts: Part[],
  generators = [stage.generator],
): Promise<RunResult[]> {
  await stage.platform.ask('take');
  const loads = parts.map((part) => loadOf(part));
  const total = loads.reduce((sum, { messages }) => sum + messages.length, 0);
  const pids = [...new Set(parts.flatMap(({ server }) => server.pids))];
  const cpuBefore = sum(pids.map(cpuMsOf));
  const results = await Promise.all(
    loads.map((load, at) => (generators[at] ?? stage.generator).ask<LoadResult>('run', load)),
  );
  await drained(stage, sum(loads.map((load, at) => acknowledged(load, results[at] as LoadResult))));
  const cpuMs = sum(pids.map(cpuMsOf)) - cpuBefore;
  const replies = rowsOf(await stage.platform.ask<Replies>('take'));
  return Promise.all(
    parts.map(async (part, at) => ({
      ...(await report(part, loads[at] as Load, results[at] as LoadResult, replies)),
      cpuUsPerMessage: (cpuMs * 1_000) / total,
    })),
  );
}

function loadOf({ server, options }: Part): Load {
  const { arrivals, perSecond, count, perUser = 5, insists = false } = options;
  const atOnce = Math.max(20, Math.ceil(perSecond));
  const messages = options.messages ?? freshMessages(count, { atOnce, perUser });
  const dueMs = arrivalTimes(arrivals, { perSecond, count, random: seeded(nextUser) });
  return { target: server.target, messages, dueMs, insists };
}

/** Of customers who have not written before. */
export function freshMessages(
  count: number,
  { atOnce, perUser }: { atOnce: number; perUser: number },
): Planned[] {
  const messages = planMessages(count, { firstUser: nextUser, atOnce, perUser });
  nextUser += Math.ceil(count / perUser) + atOnce;
  return messages;
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** How many of the messages; what was delivered twice is one. */
const acknowledged = ({ messages }: Load, { status }: LoadResult): number =>
  new Set(messages.filter((_message, at) => isFine(status[at] ?? 0)).map(keyOf)).size;

/** Until as many replies came as were acknowledged, and a little longer for those that should not come. */
async function drained(stage: Stage, expected: number): Promise<void> {
  let [count, heardAt] = [-1, nowMs()];
  while (count < expected && nowMs() < heardAt + longestSilenceMs) {
    const before = count;
    count = await stage.platform.ask<number>('count');
    if (count > before) heardAt = nowMs();
    await pause(25);
  }
  await pause(100);
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface ReplyRow {
  user: number;
  article: number;
  atMs: number;
}
const rowsOf = ({ user, article, atMs }: Replies): ReplyRow[] =>
  Array.from(user, (one, at) => ({ user: one, article: article[at] ?? -1, atMs: atMs[at] ?? NaN }));

async function report({ server, options }: Part, load: Load, result: LoadResult, all: ReplyRow[]) {
  const { messages } = load;
  const users = new Set(messages.map(({ user }) => user));
  const replies = all.filter(({ user }) => users.has(user));
  const firstReplyAt = new Map<string, number>();
  for (const reply of replies)
    if (!firstReplyAt.has(keyOf(reply))) firstReplyAt.set(keyOf(reply), reply.atMs);
  const replyMs = messages.map(
    (message, at) => (firstReplyAt.get(keyOf(message)) ?? NaN) - (result.scheduledAtMs[at] ?? 0),
  );
  const stored = await server.stored();
  const sent = messages.map((message, at) => ({
    ...message,
    isAcknowledged: isFine(result.status[at] ?? 0),
  }));
  const measuredFrom = options.warmUp ?? 0;
  const lastReplyAt = replies.reduce((last, { atMs }) => Math.max(last, atMs), 0);
  return {
    perSecond: options.perSecond,
    ack: spreadOf(result.ackMs.subarray(measuredFrom)),
    reply: spreadOf(replyMs.slice(measuredFrom)),
    slipP99Ms: spreadOf(result.slipMs).p99,
    refused: result.status.filter((status) => !isFine(status)).length,
    audit: audit(sent, replies, (message: Planned) => stored.has(externalIdOf(load.target.profile, message))),
    tookMs: lastReplyAt - (result.scheduledAtMs[0] ?? 0),
    drainMs: lastReplyAt - (result.scheduledAtMs.at(-1) ?? 0),
  };
}
