import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { Connection } from '../../../agent-console/widget/connection';
import type { Keeper } from '../../../agent-console/widget/keeper';
import type { WebchatClientEvents, WebchatMessage, WebchatServerEvents } from '../../../src/contract/webchat';
import { until } from '../../support/until';

const at = '2026-10-12T02:00:00.000Z';
const question: WebchatMessage = { id: 'v1:c1', author: 'contact', text: 'hi', clientMessageId: 'c1', at };
const reply = (id: string, text: string): WebchatMessage => ({ id, author: 'agent', text, at });

type ServerSocket = Socket<WebchatClientEvents, WebchatServerEvents>;
/** A server that says what the test wants, when it wants. */
let io: Server<WebchatClientEvents, WebchatServerEvents>;
let url: string;
/** The sockets of the visitors' pages, as they came. */
let sockets: ServerSocket[];
const pages: Connection[] = [];

beforeEach(async () => {
  const http = createServer();
  io = new Server(http);
  sockets = [];
  io.of('/webchat').on('connection', (socket) => void sockets.push(socket));
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const page of pages.splice(0)) page.close();
  await io.close();
});

/** What the tabs of one browser keep together. */
function storage(): Keeper {
  const kept: Record<string, unknown> = {};
  return {
    load: <T>(name: string) => structuredClone(kept[name] ?? null) as T | null,
    save: (name, value) => void (kept[name] = structuredClone(value)),
  };
}

function openPage(keeper: Keeper = storage()): Connection {
  const page = new Connection('web', keeper, url);
  pages.push(page);
  return page;
}

/** The socket of the page that connects as the n-th, from 0. */
async function connecting(place: number): Promise<ServerSocket> {
  await until(() => sockets.length > place);
  return sockets[place] as ServerSocket;
}

const welcome = (socket: ServerSocket, messages: WebchatMessage[] = [], visitorToken = 'v1.1.signature') =>
  void socket.emit('welcome', { visitorToken, messages });
const online = (page: Connection) => until(() => page.state.link === 'online');
const textsOf = ({ state }: Connection) => state.messages.map(({ text }) => text);
const unsentOf = (keeper: Keeper) => keeper.load<{ shown: string }[]>('unsent')?.map(({ shown }) => shown);

test('a reply that overtakes the history is shown, behind it', async () => {
  const page = openPage();
  const socket = await connecting(0);
  socket.emit('message', reply('m2', 'hello'));
  welcome(socket, [question]);
  await online(page);
  expect(textsOf(page)).toEqual(['hi', 'hello']);
});

test('replies that came while the page was away are counted where the chat is closed, old ones are not', async () => {
  const page = openPage();
  page.opened(false);
  welcome(await connecting(0), [reply('m1', 'old')]);
  await online(page);
  expect(page.state.unread).toBe(0);
  sockets[0]?.conn.close();
  const again = await connecting(1);
  again.emit('message', reply('m3', 'at once'));
  welcome(again, [reply('m1', 'old'), question, reply('m2', 'missed')]);
  await online(page);
  expect(page.state.unread).toBe(2);
});

test('what was under way when the line broke goes out again by itself', async () => {
  const page = openPage();
  welcome(await connecting(0));
  await online(page);
  const lost = new Promise((resolve) => sockets[0]?.on('send', resolve));
  page.sendText('hi');
  const sent = await lost;
  sockets[0]?.conn.close();
  const again = await connecting(1);
  expect(page.state.unsent).toMatchObject([{ shown: 'hi', state: 'sending' }]);
  const repeated = new Promise((resolve) => again.on('send', resolve));
  welcome(again);
  expect(await repeated).toEqual(sent);
});

test('what one tab could not send stays kept whatever another one keeps', async () => {
  const keeper = storage();
  const [writing, reading] = [openPage(keeper), openPage(keeper)];
  writing.sendText('hi');
  welcome(await connecting(0));
  await until(() => [writing, reading].some(({ state }) => state.link === 'online'));
  reading.sendText('are you there?');
  expect(unsentOf(keeper)?.sort()).toEqual(['are you there?', 'hi']);
});

test('what is stored is kept no longer', async () => {
  const keeper = storage();
  const page = openPage(keeper);
  page.sendText('hi');
  const socket = await connecting(0);
  socket.on('send', ({ clientMessageId }, ack) => ack({ ok: true, id: `v1:${clientMessageId}` }));
  welcome(socket);
  await until(() => textsOf(page).includes('hi'));
  expect(unsentOf(keeper)).toEqual([]);
});

test('two tabs that open at once are one visitor: the first one stays', async () => {
  const keeper = storage();
  const first = openPage(keeper);
  const socket = await connecting(0);
  const second = openPage(keeper);
  const other = await connecting(1);
  welcome(socket, [], 'v1.1.signature');
  await online(first);
  welcome(other, [], 'v2.1.signature');
  const again = await connecting(2);
  expect(again.handshake.auth).toMatchObject({ visitorToken: 'v1.1.signature' });
  welcome(again, [question], 'v1.2.signature');
  await online(second);
  expect(textsOf(second)).toEqual(['hi']);
  expect(keeper.load('token')).toBe('v1.2.signature');
});

test('a tab whose token is refused takes the one that another tab has got since', async () => {
  const keeper = storage();
  keeper.save('token', 'v1.1.old');
  io.of('/webchat').use((socket, next) => {
    if (socket.handshake.auth['visitorToken'] !== 'v1.1.old') return next();
    keeper.save('token', 'v2.2.new');
    next(new Error('invalid_token'));
  });
  openPage(keeper);
  expect((await connecting(0)).handshake.auth).toMatchObject({ visitorToken: 'v2.2.new' });
});
