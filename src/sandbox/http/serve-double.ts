import { setTimeout as pause } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { Faults } from '../faults';
import type { ApiDouble } from '../platform-double';
import type { Recorder, Verdict } from '../recorder';
import { type ApiAnswer, type ApiCall, readCall } from './api-call';

interface Parts {
  faults: Faults;
  recorder: Recorder;
  /** Ends the waits of slow answers when the sandbox closes. */
  closing: AbortSignal;
}

/** Serves a foreign API: what is wrong with it first, then its own rules; everything is recorded. */
export function serveDouble(double: ApiDouble, parts: Parts): RequestHandler {
  return async (request, response) => {
    const startedAt = performance.now();
    const call = readCall(request);
    const accountId = double.accountOf(call)?.id ?? null;
    const outcome = await answerOrFail(double, call, accountId, parts);
    parts.recorder.record({
      direction: 'api',
      accountId,
      method: call.method,
      url: request.originalUrl,
      headers: call.headers,
      body: readable(call.body, call.headers['content-type']),
      status: outcome.answer?.status ?? null,
      responseHeaders: outcome.answer?.headers ?? {},
      response: outcome.answer ? readable(outcome.answer.body, outcome.answer.headers['content-type']) : '',
      ms: Math.round(performance.now() - startedAt),
      verdict: outcome.verdict,
    });
    if (outcome.answer) reply(response, outcome.answer);
    else breakConnection(request);
  };
}

interface Outcome {
  /** Null: the connection breaks. */
  answer: ApiAnswer | null;
  verdict: Verdict;
}

async function answerOrFail(
  double: ApiDouble,
  call: ApiCall,
  accountId: string | null,
  { faults, closing }: Parts,
): Promise<Outcome> {
  if (accountId === null) return judged(await double.answer(call));
  const { offline, slowMs } = faults.of(accountId);
  if (offline) return { answer: null, verdict: { ok: false, reason: 'offline' } };
  if (slowMs > 0) await pause(slowMs, undefined, { signal: closing }).catch(() => undefined);
  if (!double.isSend(call)) return judged(await double.answer(call));
  const failure = faults.takeFailure(accountId);
  if (failure) return judged(double.failure(failure));
  const answer = await double.answer(call);
  if (!faults.takeDroppedAnswer(accountId)) return judged(answer);
  return { answer: null, verdict: { ok: false, reason: 'answer dropped' } };
}

function judged(answer: ApiAnswer): Outcome {
  return { answer, verdict: { ok: !answer.problem, reason: answer.problem ?? 'accepted' } };
}

function reply(response: Response, answer: ApiAnswer): void {
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

function breakConnection(request: Request): void {
  request.socket.destroy();
}

/** Text as it is; of files only their size. */
function readable(body: string | Buffer, type = 'text/plain'): string {
  if (typeof body === 'string') return body;
  if (body.length === 0) return '';
  return /json|xml|text|urlencoded/.test(type) ? body.toString() : `(${type}, ${body.length} bytes)`;
}
