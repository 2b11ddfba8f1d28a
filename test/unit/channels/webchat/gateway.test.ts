import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io as connect, type Socket } from 'socket.io-client';
import { CatchUp } from '../../../../src/channels/webchat/catch-up';
import { serveWebchat } from '../../../../src/channels/webchat/gateway';
import { VisitorTokens } from '../../../../src/channels/webchat/visitor-token';
import type {
  WebchatClientEvents,
  WebchatMessage,
  WebchatServerEvents,
} from '../../../../src/contract/webchat';
import { silentLogger } from '../../../../src/platform/log';
import { SecretBox } from '../../../../src/platform/secrets';
import { ManualClock } from '../../../support/manual-clock';
import { until } from '../../../support/until';

type Page = Socket<WebchatServerEvents, WebchatClientEvents>;
const at = '2026-10-12T01:00:00.000Z';
const clock = new ManualClock('2026-10-12T02:00:00.000Z');
const old: WebchatMessage = { id: 'm1', author: 'bot', text: 'old', at };

let io: Server;
let url: string;
let catchUp: CatchUp;
/** What the store has for the visitor. */
let history: WebchatMessage[];
let storeIsAway: boolean;
let failures: number;
const pages: Page[] = [];

beforeEach(async () => {
  const http = createServer();
  io = new Server(http);
  [history, storeIsAway, failures] = [[old], false, 0];
  const gateway = serveWebchat({
    io,
    clock,
    log: silentLogger,
    accounts: { get: () => ({ id: 'web', type: 'webchat', configuration: {} }) },
    tokens: new VisitorTokens(new SecretBox(randomBytes(24).toString('hex')).signer('visitor')),
    addressOf: () => '127.0.0.1',
    async history() {
      if (!storeIsAway) return history;
      failures++;
      throw new Error('the store is away');
    },
  } as never);
  catchUp = new CatchUp({
    clock,
    problem: async () => 'Redis is away.',
    showMissed: () => gateway.showMissed(),
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const page of pages.splice(0)) page.disconnect();
  await io.close();
});

function openPage() {
  const page: Page = connect(`${url}/webchat`, {
    auth: { account: 'web' },
    transports: ['websocket'],
    forceNew: true,
  });
  pages.push(page);
  const shown: string[] = [];
  let welcomes = 0;
  page.on('welcome', ({ messages }) => {
    welcomes++;
    shown.push(...messages.map(({ text }) => text));
  });
  page.on('message', ({ text }) => void shown.push(text));
  return { shown, isWelcome: () => welcomes > 0 };
}

test('while the nodes do not hear each other a visitor is shown what is written, and once', async () => {
  const { shown, isWelcome } = openPage();
  await until(isWelcome);
  // Its turn began long before the trouble, and ended in it; a visitor's other tab is on another node.
  history = [old, { id: 'm2', author: 'bot', text: 'slow', at }];
  await catchUp.run();
  await until(() => shown.includes('slow'));
  history = [...history, { id: 'v1:c1', author: 'contact', text: 'from my phone', at }];
  await catchUp.run();
  await until(() => shown.includes('from my phone'));
  expect(shown).toEqual(['old', 'slow', 'from my phone']);
});

test('a page that could not be welcomed comes back by itself', async () => {
  storeIsAway = true;
  const { isWelcome } = openPage();
  await until(() => failures > 0);
  storeIsAway = false;
  await until(isWelcome);
});
