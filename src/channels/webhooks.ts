import type { IncomingMessage } from 'node:http';
import { AppError } from '../platform/errors';
import { errorBody, toAppError } from '../platform/http/error-handler';
import { readRawBody } from '../platform/http/raw-body';
import type { FrontHandler } from '../platform/http/server';
import type { Logger } from '../platform/log';
import type { Metrics } from '../platform/metrics';
import type { Account, Accounts } from './host/accounts';
import type { ChannelHost, WebhookAnswer } from './host/host';

interface Parts {
  accounts: Accounts;
  host: ChannelHost;
  log: Logger;
  metrics: Metrics;
}

const prefix = '/webhooks/';
const largestBodyBytes = 1024 * 1024;
/** WeChat waits 5 s for an answer. Whoever is told 503 before delivers again; an answer that comes too late helps nobody. */
const answerWithinMs = 4_000;

/** Answers `/webhooks/{accountId}` in front of Express. The order of the checks is 404, 405, 413, 415, 401/403, 400. */
export function webhookHandler(parts: Parts): FrontHandler {
  return (request, response) => {
    if (!request.url?.startsWith(prefix)) return false;
    const stop = parts.metrics.acknowledged.startTimer();
    inTime(answer(parts, request))
      .catch((error: unknown) => refusal(parts, error))
      .then(({ status, headers, body, account }) => {
        response.writeHead(status, headers).end(body);
        stop({ channel: account?.type ?? 'unknown', status: String(status) });
        // Whoever still sends is not listened to any longer.
        if (!request.complete) request.destroy();
      })
      .catch((error: unknown) => parts.log.error({ err: error }, 'webhook: cannot answer'));
    return true;
  };
}

/** What is stored after all, though late, is known at the second delivery. */
function inTime(answered: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new AppError(503, 'unavailable', 'Not in time. Deliver it again.')),
      answerWithinMs,
    );
    answered.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

type Answer = WebhookAnswer & { account?: Account };

async function answer({ accounts, host }: Parts, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const account = accounts.get(decode(url.pathname.slice(prefix.length)));
  if (!account || account.type === 'webchat') throw new AppError(404, 'not_found', 'No such account.');
  const { method = 'GET' } = request;
  if (method !== 'GET' && method !== 'POST')
    throw new AppError(405, 'method_not_allowed', 'Use GET or POST.');
  const body = await readRawBody(request, largestBodyBytes);
  if (request.headers['content-encoding'])
    throw new AppError(415, 'unsupported_encoding', 'Send the body uncompressed.');
  const answered = await host.webhook(account, {
    method,
    path: url.pathname,
    query: url.search.slice(1),
    headers: flat(request),
    body,
  });
  return { ...answered, account };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AppError(404, 'not_found', 'No such account.');
  }
}

function flat(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** What nobody foresaw may be the store: 503 asks the platform to deliver again, so nothing is lost. */
function refusal({ log }: Parts, error: unknown): Answer {
  const known = toAppError(error);
  if (!known) log.error({ err: error }, 'webhook: failed');
  const shown = known ?? new AppError(503, 'unavailable', 'Not now. Deliver it again.');
  return {
    status: shown.status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(errorBody(shown)),
  };
}
