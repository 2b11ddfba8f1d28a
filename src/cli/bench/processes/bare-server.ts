import { Binary, Long, MongoClient, type Collection } from 'mongodb';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request as call } from 'undici';
import { startEmbeddedStore } from '../../../platform/mongo/embedded';
import { articleCount, questionOf } from '../path/faq';
import { answerParent } from './child';

export interface BareOptions {
  dataDir: string;
  platformUrl: string;
  secret: string;
}
interface Update {
  update_id: number;
  message: { message_id: number; from: object; chat: { id: number }; text: string };
}

/**
 * The least that a server can do that keeps what it acknowledges: node:http, an HMAC check, one durable row in the same
 * embedded store through the same driver, the 200, and one answer from a table. No framework, no order, no retry, no desk.
 */
answerParent({ start });

async function start({ dataDir, platformUrl, secret }: BareOptions): Promise<string> {
  const store = await startEmbeddedStore({ dataDir, inWorker: true });
  const client = await MongoClient.connect(store.url, { maxPoolSize: 50, w: 'majority' });
  const inbox = client.db('bare').collection<{ _id: string }>('inbox');
  const pool = new Agent({ connections: 128 });
  const answers = new Map(
    Array.from({ length: articleCount }, (_unused, article) => [
      questionOf(article),
      `Answer ${article}: wipe it.`,
    ]),
  );
  const reply = async ({ message }: Update) => {
    const { body } = await call(`${platformUrl}/bot1:bare/sendMessage`, {
      method: 'POST',
      dispatcher: pool,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: message.chat.id, text: answers.get(message.text) ?? 'Sorry?' }),
    });
    await body.dump();
  };
  const server = createServer((request, response) => {
    void take(request, response, { inbox, secret })
      .then((update) => update && reply(update))
      .catch(() => response.headersSent || response.writeHead(503).end());
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  );
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  { inbox, secret }: { inbox: Collection<{ _id: string }>; secret: string },
): Promise<Update | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (!isSigned(body, request.headers['x-signature'], secret)) {
    response.writeHead(403).end();
    return null;
  }
  const update = JSON.parse(body.toString('utf8')) as Update;
  await inbox.insertOne(rowOf(update, body));
  response.writeHead(200).end();
  return update;
}

function isSigned(body: Buffer, signature: unknown, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(typeof signature === 'string' ? signature : '', 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The bytes of our own inbox row. */
function rowOf({ message }: Update, raw: Buffer) {
  const user = String(message.chat.id);
  return {
    _id: `tg:${user}:${message.message_id}`,
    accountId: 'tg',
    channel: 'telegram',
    threadId: `th_${user.padStart(26, '0')}`,
    identityId: `id_${user.padStart(26, '0')}`,
    author: { network: 'telegram', externalId: user, platformId: null, name: `Ada No ${user}`, language: 'en', followers: null }, // prettier-ignore
    what: { kind: 'message', content: { type: 'text', text: message.text } },
    sentAt: new Date(1_790_000_000_000),
    threadTags: { chatId: user },
    raw: new Binary(raw),
    request: null,
    order: `${Date.now()}`.padStart(26, '0'),
    receivedAt: new Date(),
    state: 'received',
    plan: null,
    attempts: Long.ZERO,
    error: null,
    doneAt: null,
  };
}
