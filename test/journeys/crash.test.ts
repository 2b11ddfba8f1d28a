import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ConversationView } from '../../src/contract/conversations';
import type { MessageView } from '../../src/contract/messages';
import { ApiClient } from '../support/api-client';
import { freePort } from '../support/free-port';
import { ServerProcess } from '../support/server-process';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox';
import { freshDatabaseUrl } from '../support/store';

const secretToken = randomBytes(12).toString('hex');
const password = randomBytes(8).toString('hex');
/** `npm run soak` makes it longer: rounds of one message of each user, with kills spread over them. */
const users = Number(process.env['SOAK_USERS'] ?? 40);
const rounds = Number(process.env['SOAK_ROUNDS'] ?? 5);
const kills = Math.min(rounds, Number(process.env['SOAK_KILLS'] ?? 5));
const total = users * rounds;
/** So many sends of one account a server has under way. */
const mostInFlight = 64;
/** As many as the machine can: what Telegram allows has its own test. */
const unpaced = { messagesPerSecond: 1_000, messagesPerSecondInChat: 1_000 };
/** Drained at the slowest machine's pace, not at ours. */
const patienceMs = 60_000 + total * 40;

let folder: string;
let sandbox: Sandbox;
let server: ServerProcess;
const acknowledged: string[] = [];
let updateId = 0;

beforeAll(async () => {
  ServerProcess.build();
  folder = mkdtempSync(join(tmpdir(), 'parley-crash-'));
  const configuration = { botToken: `7002:${randomBytes(17).toString('hex')}`, secretToken };
  const account = { id: 'bot', type: 'telegram' as const, name: 'Bot', configuration };
  sandbox = await startSandbox({
    port: 0,
    dataDir: folder,
    publicUrl: 'http://127.0.0.1:9',
    accounts: [account],
  });
  const port = await freePort();
  const apiBaseUrl = `${sandbox.url}/telegram`;
  writeFileSync(
    join(folder, 'parley.yaml'),
    JSON.stringify({
      channels: [{ ...account, configuration: { ...configuration, ...unpaced, apiBaseUrl } }],
      knowledgeBase: resolve(__dirname, '../../knowledge-base'),
      flows: resolve(__dirname, '../../flows'),
      team: { agents: [{ email: 'a@acme.test', password, name: 'A', role: 'admin' }] },
    }),
  );
  server = new ServerProcess(
    {
      PORT: `${port}`,
      PARLEY_CONFIG: join(folder, 'parley.yaml'),
      PARLEY_DATA_DIR: folder,
      PARLEY_SECRET_KEY: randomBytes(32).toString('hex'),
      ...(process.env['TEST_MONGODB_URL'] && { MONGODB_URL: await freshDatabaseUrl() }),
      ...(process.env['TEST_REDIS_URL'] && { REDIS_URL: process.env['TEST_REDIS_URL'] }),
    },
    `http://127.0.0.1:${port}`,
  );
  await server.start();
}, 60_000);

afterAll(async () => {
  await server.end('SIGKILL');
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends one message of a user; it counts as acknowledged only with a 2xx. */
async function write(user: number, text: string): Promise<void> {
  const from = { id: 50_000 + user, is_bot: false, first_name: `User ${user}` };
  const message = {
    message_id: ++updateId,
    date: 1_790_000_000,
    chat: { id: from.id, type: 'private' },
    from,
    text,
  };
  try {
    const answer = await fetch(`${server.url}/webhooks/bot`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secretToken },
      body: JSON.stringify({ update_id: updateId, message }),
    });
    if (answer.ok) acknowledged.push(text);
  } catch {
    // Killed while it was asked: not acknowledged, so nothing is promised.
  }
}

test(
  `killed ${kills} times in the middle of ${total} messages of ${users} users, it loses, doubles and reorders nothing`,
  async () => {
    for (let round = 0; round < rounds; round++) {
      const sending = Array.from({ length: users }, (_unused, user) =>
        write(user, `question ${round} of user ${user}`),
      );
      const isKilled = Math.floor(((round + 1) * kills) / rounds) > Math.floor((round * kills) / rounds);
      if (isKilled) {
        await Promise.all(sending.slice(0, (5 + round * 7) % users));
        await server.end('SIGKILL');
      }
      await Promise.all(sending);
      if (isKilled) await server.start();
    }
    const admin = await ApiClient.signIn(server.url, 'a@acme.test', password);
    // What was stored but never acknowledged may be there too, so a count says nothing: each acknowledged one must be.
    // On a shared store the leases of the killed server run out first (8 s).
    const drained = await admin.until(
      () => transcript(admin),
      ({ missing, waiting }) => missing.length === 0 && waiting === 0,
      patienceMs,
      total > 1_000 ? 2_000 : 20,
    );
    expect(acknowledged.length).toBeGreaterThanOrEqual(users);
    expect(new Set(drained.contact).size).toBe(drained.contact.length);
    expect(drained.outOfOrder).toEqual([]);
    const sent = sandbox
      .requests()
      .filter((request) => request.url.includes('/sendMessage') && request.status === 200);
    expect(drained.sentReplies).toBeLessThanOrEqual(sent.length);
    expect(sent.length).toBeLessThanOrEqual(drained.sentReplies + drained.unknownReplies);
    const doubled = drained.contact.length - new Set(drained.contact).size;
    const summary = { messages: acknowledged.length, kills, lost: drained.missing.length, doubled };
    const { unknownReplies: unknown, outOfOrder } = drained;
    // Nobody knows only of what was on its way when the server was killed.
    expect(unknown).toBeLessThanOrEqual(kills * mostInFlight);
    process.stdout.write(
      `soak: ${JSON.stringify({ ...summary, unknown, orderBreaks: outOfOrder.length })}\n`,
    );
  },
  180_000 + patienceMs,
);

const roundOf = (text: string): number => Number(/\d+/.exec(text)?.[0]);

/** All pages of a list. */
async function every<T>(admin: ApiClient, path: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await admin.get<{ items: T[]; nextCursor: string | null }>(`${path}?limit=100${more}`);
    items.push(...body.items);
    cursor = body.nextCursor;
  }
  return items;
}

async function transcript(admin: ApiClient) {
  const result = {
    /** Acknowledged, and not in any conversation (yet). */
    missing: [] as string[],
    contact: [] as string[],
    outOfOrder: [] as string[],
    waiting: 0,
    sentReplies: 0,
    unknownReplies: 0,
  };
  for (const conversation of await every<ConversationView>(admin, '/conversations')) {
    const messages = await every<MessageView>(admin, `/conversations/${conversation.id}/messages`);
    const written = messages.filter((message) => message.author === 'contact').map((message) => message.text);
    result.contact.push(...written);
    const inOrder = [...written].sort((a, b) => roundOf(a) - roundOf(b));
    if (written.join() !== inOrder.join()) result.outOfOrder.push(conversation.id);
    const replies = messages.filter((message) => message.author === 'bot');
    result.waiting += replies.filter((message) => message.delivery === 'pending').length;
    result.sentReplies += replies.filter((message) => message.delivery === 'sent').length;
    result.unknownReplies += replies.filter((message) => message.delivery === 'unknown').length;
    if (replies.length === 0) result.waiting += 1;
  }
  const there = new Set(result.contact);
  result.missing = acknowledged.filter((text) => !there.has(text));
  return result;
}

test('SIGTERM ends it with 0 and leaves nothing listening', async () => {
  const started = Date.now();
  expect(await server.end('SIGTERM')).toBe(0);
  expect(Date.now() - started).toBeLessThan(10_000);
  await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
});
