import type { Arrivals } from '../parts/arrivals';
import { isClean } from './audit';
import { runLoad, type RunResult } from './run';
import type { Contestant, Stage } from './stage';

/** What a rate must keep to count as held. */
export const promise = { ackP99Ms: 100, replyP99Ms: 250 };
/** A generator that is later than this itself says nothing of the server. */
export const largestSlipMs = 2;

export interface Step extends RunResult {
  verdict: 'held' | 'missed' | 'void';
}

export function judge(result: RunResult): Step {
  const isHeld =
    result.ack.p99 <= promise.ackP99Ms &&
    result.reply.p99 <= promise.replyP99Ms &&
    result.refused === 0 &&
    isClean(result.audit);
  return { ...result, verdict: isHeld ? 'held' : result.slipP99Ms > largestSlipMs ? 'void' : 'missed' };
}

/** The most that it gets done when everything is there at once: so many a second until the last reply. */
export async function ceilingOf(
  stage: Stage,
  server: Contestant,
  count: number,
): Promise<RunResult & { mostPerSecond: number }> {
  const result = await runLoad(stage, server, { arrivals: 'constant', perSecond: count * 4, count });
  return { ...result, mostPerSecond: (count * 1_000) / result.tookMs };
}

export interface Climb {
  ceiling: number;
  seconds: number;
  arrivals: Arrivals;
  shares: number[];
}

/** Rates as shares of the ceiling, upwards until two in a row are missed; on beyond it while they are held. */
export async function climb(stage: Stage, server: Contestant, options: Climb): Promise<Step[]> {
  const steps: Step[] = [];
  const beyond = [1.25, 1.5, 2, 2.5];
  for (const share of [...options.shares, ...beyond]) {
    const missed = steps.slice(-2).filter(({ verdict }) => verdict !== 'held').length;
    if (missed === 2 || (share > 1 && missed > 0)) break;
    steps.push(await stepAt(stage, server, options, roundRate(options.ceiling * share)));
  }
  return steps;
}

async function stepAt(stage: Stage, server: Contestant, { seconds, arrivals }: Climb, perSecond: number) {
  const count = Math.ceil(perSecond * seconds);
  const load = { arrivals, perSecond, count, warmUp: Math.floor(count / 5) };
  const step = judge(await runLoad(stage, server, load));
  // The machine had something else to do: once more.
  return step.verdict === 'void' ? judge(await runLoad(stage, server, load)) : step;
}

export const bestHeld = (steps: Step[]): Step | null =>
  steps.filter(({ verdict }) => verdict === 'held').at(-1) ?? null;

/** Two digits that count: 87, 240, 1,300. */
function roundRate(rate: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, rate))) - 1);
  return Math.max(1, Math.round(rate / unit) * unit);
}
