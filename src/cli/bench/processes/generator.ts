import { setPriority } from 'node:os';
import { Pool } from 'undici';
import type { Planned } from '../path/conversations';
import { isFine, requestOf, type Target, type WebhookRequest } from '../path/profiles';
import { answerParent, nowMs } from './child';

export interface Load {
  target: Target;
  messages: Planned[];
  /** When each is due, in ms from the start. */
  dueMs: Float64Array;
  /** What is not answered with 2xx is posted again, as platforms do. */
  insists?: boolean;
}
export interface LoadResult {
  /** On the clock that all processes share. */
  scheduledAtMs: Float64Array;
  /** From the scheduled time to the answer; NaN without one. */
  ackMs: Float64Array;
  status: Int16Array;
  /** How late the generator itself was with each. */
  slipMs: Float64Array;
}

/** As many as Telegram opens. */
const connections = 100;
const headStartMs = 20;
const againAfterMs = 250;
const mostTries = 240;

// A load that comes late says nothing of the server; where we may not go first, the slip tells.
try {
  setPriority(-15);
} catch {
  // Not for everybody.
}

/** Posts webhooks at their times, whatever becomes of those before: an open loop. */
answerParent({ run: (load: Load) => run(load) });

async function run({ target, messages, dueMs, insists = false }: Load): Promise<LoadResult> {
  const requests = messages.map((message) => requestOf[target.profile](target, message));
  const pool = new Pool(target.url, { connections, headersTimeout: 10_000, bodyTimeout: 10_000 });
  const startAt = nowMs() + headStartMs;
  const result: LoadResult = {
    scheduledAtMs: dueMs.map((due) => startAt + due),
    ackMs: new Float64Array(requests.length).fill(NaN),
    status: new Int16Array(requests.length),
    slipMs: new Float64Array(requests.length),
  };
  const deliver = async (at: number, request: WebhookRequest) => {
    result.slipMs[at] = nowMs() - (result.scheduledAtMs[at] ?? 0);
    await post(pool, request, result, at);
    for (let tries = 1; insists && !isFine(result.status[at] ?? 0) && tries < mostTries; tries++) {
      await sleep(againAfterMs);
      await post(pool, request, result, at);
    }
  };
  const answered: Promise<void>[] = [];
  for (let next = 0; next < requests.length;) {
    const now = nowMs();
    while (next < requests.length && (result.scheduledAtMs[next] ?? 0) <= now)
      answered.push(deliver(next, requests[next++] as WebhookRequest));
    if (next < requests.length) await sleep((result.scheduledAtMs[next] ?? 0) - nowMs());
  }
  await Promise.all(answered);
  await pool.close();
  return result;
}

/** Timers know whole ms; the rest is part of the slip, which is reported. */
const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => (ms <= 0 ? setImmediate(resolve) : setTimeout(resolve, Math.floor(ms))));

async function post(pool: Pool, request: WebhookRequest, result: LoadResult, at: number): Promise<void> {
  try {
    const { statusCode, body } = await pool.request({ method: 'POST', ...request });
    await body.dump();
    result.status[at] = statusCode;
    result.ackMs[at] = nowMs() - (result.scheduledAtMs[at] ?? 0);
  } catch {
    result.status[at] = -1;
  }
}
