import { Agent, request, type Dispatcher, type FormData } from 'undici';
import { failure } from './failures';

/** How long a platform may take for its answer. Tests have less patience. */
export const patience = { ms: 10_000 };
const largestAnswerBytes = 20 * 1024 * 1024;

/** For each account: the sends of its lanes, and as many for what its webhooks fetch meanwhile. */
export const connectionsOfAccount = 128;

/** A pool for each account: one that is slow holds its own connections, nobody else's, not even at the same platform. */
const pools = new Map<string, Agent>();
function poolOf(url: string, account: string): Agent {
  const key = `${new URL(url).origin} ${account}`;
  const pool =
    pools.get(key) ??
    new Agent({
      connections: connectionsOfAccount,
      headersTimeout: patience.ms,
      bodyTimeout: patience.ms,
      connect: { timeout: 5_000 },
    });
  pools.set(key, pool);
  return pool;
}

export interface PlatformCall {
  /** Names the account at its platform (a bot's token, an app id). */
  account: string;
  method?: 'GET' | 'POST';
  json?: object;
  form?: FormData;
  /** What must never stand in an error. */
  secrets: string[];
  /** It sends no message: without an answer it may be tried again. */
  isRepeatable?: boolean;
  dispatcher?: Dispatcher;
}

export interface PlatformAnswer {
  status: number;
  contentType: string;
  bytes: Buffer;
  /** Undefined when the body is no JSON. */
  json: unknown;
}

const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * Calls a platform's API. By undici's `request`: `fetch` makes streams, signals and headers of the web for each call.
 * @throws `retry` when it was not reached or is repeatable, `unknown` when no answer came back.
 */
export async function callPlatform(url: string, call: PlatformCall): Promise<PlatformAnswer> {
  try {
    const { statusCode, headers, body } = await request(url, {
      method: call.method ?? 'POST',
      // Raw UTF-8: some platforms refuse escaped characters.
      ...(call.json && {
        body: JSON.stringify(call.json),
        headers: { 'content-type': 'application/json; charset=utf-8' },
      }),
      ...(call.form && { body: call.form }),
      dispatcher: call.dispatcher ?? poolOf(url, call.account),
      signal: AbortSignal.timeout(patience.ms),
    });
    const bytes = await readLimited(body);
    // What was meant for the platform goes nowhere else.
    if (redirects.has(statusCode)) throw new Error(`It answered ${statusCode}, which points elsewhere.`);
    return {
      status: statusCode,
      contentType: String(headers['content-type'] ?? ''),
      bytes,
      json: parse(bytes),
    };
  } catch (error) {
    throw unanswered(error, call);
  }
}

function unanswered(error: unknown, { secrets, isRepeatable }: PlatformCall): Error {
  const { message = 'no answer', code = '' } = error as { message?: string; code?: string };
  const reason = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), message);
  const mayRepeat = isRepeatable || neverConnected.has(code);
  return failure(mayRepeat ? 'retry' : 'unknown', `The platform did not answer: ${reason}`);
}

async function readLimited(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > largestAnswerBytes) throw new Error('The answer is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
