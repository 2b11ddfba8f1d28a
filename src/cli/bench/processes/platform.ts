import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { articleIn } from '../path/faq';
import { answerParent, nowMs } from './child';

/** How the platform treats the calls of one account, which its token names. */
export interface Manner {
  delayMs: number;
  /** Shares of the calls that are refused. */
  failing: number;
  tooMany: number;
}
export interface Replies {
  user: Float64Array;
  article: Float64Array;
  atMs: Float64Array;
}

/** The platforms' API in a process of its own: takes replies, notes when each came, and answers. */
let taken: { user: number; article: number; atMs: number }[] = [];
let calls = 0;
let manners: Record<string, Manner> = {};

const server = createServer((request, response) => {
  const atMs = nowMs();
  void read(request).then((body) => answer(request.url ?? '', body, atMs, response));
});
server.keepAliveTimeout = 60_000;

answerParent({
  listen: () =>
    new Promise<string>((resolve) =>
      server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      ),
    ),
  count: () => taken.length,
  take(): Replies {
    const rows = taken;
    taken = [];
    return {
      user: Float64Array.from(rows, ({ user }) => user),
      article: Float64Array.from(rows, ({ article }) => article),
      atMs: Float64Array.from(rows, (row) => row.atMs),
    };
  },
  behave: (next: Record<string, Manner>) => void (manners = next),
});

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) body += chunk as string;
  return body;
}

async function answer(url: string, body: string, atMs: number, response: ServerResponse): Promise<void> {
  const isTelegram = url.startsWith('/bot');
  const isMessage = isTelegram ? url.endsWith('/sendMessage') : url.includes('/custom/send');
  const manner = isMessage ? mannerOf(url) : undefined;
  const refusal = manner && refusalBy(manner);
  if (manner && manner.delayMs > 0) await new Promise((wait) => setTimeout(wait, manner.delayMs));
  if (refusal) return send(response, refusal.status, refusal.json);
  if (isMessage) note(isTelegram, JSON.parse(body) as Sent, atMs);
  send(response, 200, isTelegram ? telegramAnswer(url) : wechatAnswer(url));
}

const mannerOf = (url: string): Manner | undefined =>
  Object.entries(manners).find(([token]) => url.includes(token))?.[1];

/** The same calls in every run, spread over all (7,919 and 1,000 have no divisor in common). */
function refusalBy({ failing, tooMany }: Manner) {
  const turn = (calls++ * 7_919) % 1_000;
  if (turn < failing * 1_000)
    return { status: 500, json: { ok: false, description: 'Internal Server Error' } };
  if (turn < (failing + tooMany) * 1_000)
    return {
      status: 429,
      json: { ok: false, description: 'Too Many Requests', parameters: { retry_after: 1 } },
    };
  return null;
}

interface Sent {
  chat_id?: number | string;
  touser?: string;
  text?: string | { content?: string };
}
function note(isTelegram: boolean, sent: Sent, atMs: number): void {
  const text = typeof sent.text === 'string' ? sent.text : (sent.text?.content ?? '');
  const user = isTelegram ? Number(sent.chat_id) : Number(sent.touser?.slice(1));
  taken.push({ user, article: articleIn(text), atMs });
}

const telegramAnswer = (url: string): object => ({
  ok: true,
  result: url.endsWith('/getMe')
    ? { id: 1, is_bot: true, first_name: 'Bench', username: 'bench_bot' }
    : { message_id: taken.length + 1 },
});
const wechatAnswer = (url: string): object =>
  url.includes('/stable_token')
    ? { access_token: 'bench-access-token', expires_in: 7_200 }
    : { errcode: 0, errmsg: 'ok', msgid: taken.length };

function send(response: ServerResponse, status: number, json: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}
