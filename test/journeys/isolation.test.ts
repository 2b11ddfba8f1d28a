import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { foreignTelegram, type ForeignTelegram } from '../support/foreign-platform';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';
import { until } from '../support/until';

/** A platform that takes every call of these methods and answers none, until it lets go. */
async function holdingPlatform(holds: RegExp) {
  const held = new Set<ServerResponse>();
  let most = 0;
  let calls = 0;
  const ok = (response: ServerResponse) =>
    void response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"ok":true,"result":{"message_id":1}}');
  const server = createServer((request: IncomingMessage, response) => {
    request.resume();
    if (!holds.test(request.url ?? '')) return ok(response);
    calls++;
    held.add(response);
    most = Math.max(most, held.size);
    response.on('close', () => held.delete(response));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    most: () => most,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const secret = () => randomBytes(12).toString('hex');
const [slowSecret, quickSecret, quickToken] = [secret(), secret(), `7009:${secret()}`];
const sendsAtOnce = 64;
let slow: Awaited<ReturnType<typeof holdingPlatform>>;
let quick: ForeignTelegram;
let journey: Journey;
beforeAll(async () => {
  slow = await holdingPlatform(/sendMessage|getFile/);
  quick = await foreignTelegram(quickToken);
  journey = await startJourney((config) => {
    const bot = (id: string, botToken: string, secretToken: string, apiBaseUrl: string) => ({
      id,
      type: 'telegram',
      name: id,
      configuration: { botToken, secretToken, apiBaseUrl, messagesPerSecond: 1_000 },
    });
    config.channels = [
      bot('slow', `7008:${secret()}`, slowSecret, slow.url),
      bot('quick', quickToken, quickSecret, quick.url),
    ];
  });
});
afterAll(async () => {
  await slow.close();
  await journey.stop();
  await quick.close();
  await closeStore();
});

const post = (account: string, secretToken: string, update: object) =>
  fetch(`${journey.url}/webhooks/${account}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secretToken },
    body: JSON.stringify(update),
  }).then(({ status }) => status);
const question = 'How do I get an invoice?';
const chats = (first: number, count: number) =>
  Array.from({ length: count }, (_unused, index) => first + index);
const photoOf = (chatId: number) => {
  const { message, ...update } = quick.update(chatId, '') as { message: { text?: string } };
  const { text: _none, ...rest } = message;
  return { ...update, message: { ...rest, photo: [{ file_id: 'f', width: 9, height: 9 }] } };
};

test('a reply whose call a platform holds open counts as not sent yet', async () => {
  expect(await post('slow', slowSecret, quick.update(900, question))).toBe(200);
  await until(() => slow.calls() > 0);
  const page = await (await fetch(`${journey.url}/metrics`)).text();
  expect(Number(/^parley_outbox_oldest_seconds (.*)$/m.exec(page)?.[1])).toBeGreaterThan(0);
});

test('while one platform holds every answer open, another is acknowledged and answered, and nobody takes more than its share', async () => {
  const asked = chats(1_000, 70).map((chat) => post('slow', slowSecret, quick.update(chat, question)));
  for (const status of await Promise.all(asked)) expect(status).toBe(200);
  await until(() => slow.calls() >= 30);
  for (const chat of chats(2_000, 10))
    expect(await post('quick', quickSecret, quick.update(chat, question))).toBe(200);
  await until(() => chats(2_000, 10).every((chat) => quick.sentTo(chat).length === 1), Boolean, 30_000);
  expect(slow.most()).toBeLessThanOrEqual(sendsAtOnce);
}, 60_000);

test("while one platform's files do not come, another's webhooks are acknowledged", async () => {
  const before = slow.calls();
  const waiting = chats(3_000, 5).map((chat) => post('slow', slowSecret, photoOf(chat)));
  await until(() => slow.calls() >= before + 5);
  for (const chat of chats(4_000, 5))
    expect(await post('quick', quickSecret, quick.update(chat, question))).toBe(200);
  await slow.close();
  // It was told to deliver again, or its message is kept without its file: never anything else.
  for (const status of await Promise.all(waiting)) expect([200, 503]).toContain(status);
}, 60_000);
