import { io } from 'socket.io-client';
import { createLogger } from '../../src/platform/log';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';
import { openVisitorPage } from '../support/visitor-page';

let journey: Journey;
const journeys: Journey[] = [];
const logged: string[] = [];
const log = createLogger('warn', { write: (line: string) => void logged.push(line) });
afterAll(async () => {
  for (const one of journeys) await one.stop();
  await closeStore();
});
const behind = async (trustProxy: number | string[]) => {
  logged.length = 0;
  journey = await startJourney((config) => (config.trustProxy = trustProxy), log);
  journeys.push(journey);
};

/** What the log says to whoever has forgotten to name the proxy. */
const told = () => logged.filter((line) => line.includes('PARLEY_TRUST_PROXY is not set'));

let person = 0;
/** What a sign-in with a wrong password is answered, whoever says it is. */
async function guess(forwardedFor: string | null): Promise<number> {
  const answer = await fetch(`${journey.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(forwardedFor !== null && { 'x-forwarded-for': forwardedFor }) },
    body: JSON.stringify({ email: `p${++person}@acme.test`, password: 'guess' }),
  });
  return answer.status;
} // prettier-ignore

/** How many of 13 guesses are looked at. */
async function lookedAt(header: (index: number) => string | null): Promise<number> {
  const statuses: number[] = [];
  for (let index = 0; index < 13; index++) statuses.push(await guess(header(index)));
  return statuses.filter((status) => status === 401).length;
}

/** How many of 205 messages of ever new visitors are looked at: the files they name are not there. */
async function messagesLookedAt(header: (index: number) => string): Promise<number> {
  const pages = await Promise.all(
    Array.from({ length: 11 }, (_unused, index) =>
      openVisitorPage(journey.url, { account: 'web' }, { extraHeaders: { 'x-forwarded-for': header(index) } }),
    ),
  );
  const answers = await Promise.all(
    pages.flatMap((page) =>
      Array.from({ length: 20 }, (_unused, index) => page.send({ clientMessageId: `m${index}`, attachmentId: 'none' })),
    ),
  );
  for (const { socket } of pages) socket.disconnect();
  return answers.filter((answer) => 'error' in answer && answer.error.code === 'invalid_input').length;
} // prettier-ignore

describe('no proxy is trusted', () => {
  beforeAll(() => behind(0), 60_000);

  test('what a client writes into X-Forwarded-For changes nothing', async () => {
    expect(await messagesLookedAt((index) => `203.0.113.${index}`)).toBe(200);
    expect(await lookedAt((index) => `203.0.113.${index}`)).toBe(10);
    // Neither does it write somebody else's account full: it is the same address with and without.
    expect(await lookedAt(() => null)).toBe(0);
    expect(await lookedAt(() => '127.0.0.1')).toBe(0);
    expect(told()).toHaveLength(1);
  });
});

describe('one proxy is in front', () => {
  beforeAll(() => behind(1), 60_000);

  test('the last address counts, and what a client wrote before it does not', async () => {
    expect(await lookedAt((index) => `10.0.0.${index}, 203.0.113.7`)).toBe(10);
    expect(await guess('203.0.113.7, 203.0.113.8')).toBe(401);
    expect(await guess('203.0.113.8, 203.0.113.7')).toBe(429);
    expect(await guess(null)).toBe(401);
  });

  test.each([
    '',
    ',',
    ' , , ',
    'garbage',
    '203.0.113.9:80',
    `${'1.1.1.1,'.repeat(500)}203.0.113.10`,
    '__proto__',
  ])('the header %j fails nothing', async (header) => expect(await guess(header)).toBe(401));

  test('for sockets, too', async () => {
    expect(await messagesLookedAt((index) => `10.0.0.${index}, 203.0.113.20`)).toBe(200);
    expect(await messagesLookedAt((index) => `203.0.113.20, 203.0.113.${30 + index}`)).toBe(220);
  });
});

describe('proxies are trusted by their addresses', () => {
  beforeAll(() => behind(['loopback', '203.0.113.0/24']), 60_000);

  test('from the last one backwards the first address that is no proxy counts', async () => {
    expect(await lookedAt((index) => `10.0.0.${index}, 198.51.100.7, 203.0.113.${index}`)).toBe(10);
    expect(await guess('198.51.100.7')).toBe(429);
    expect(await guess('198.51.100.7, 198.51.100.8')).toBe(401);
  });
});

test('the limits of addresses hold no socket of a person who waits', async () => {
  const li = await journey.as('li');
  const socket = io(journey.url, { auth: { token: li.token }, transports: ['polling'], reconnection: false });
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', () => resolve());
    socket.on('connect_error', reject);
  });
  socket.disconnect();
});
