import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connection } from 'mongoose';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import type { EventType } from '../../../../src/contract/events';
import type { Viewer } from '../../../../src/domain/role';
import type { Coordination } from '../../../../src/platform/coordination';
import { inProcessCoordination } from '../../../../src/platform/coordination/in-process';
import { redisCoordination } from '../../../../src/platform/coordination/redis';
import { connectListener } from '../../../../src/platform/coordination/redis-client';
import { EventLog } from '../../../../src/platform/events/event-log';
import type { PendingEvent } from '../../../../src/platform/events/pending';
import type { Session } from '../../../../src/platform/http/api';
import { silentLogger } from '../../../../src/platform/log';
import { serveConsole, type ConsoleSockets } from '../../../../src/platform/realtime/console-sockets';
import { EventFeed } from '../../../../src/platform/realtime/event-feed';
import { definePresence, Presence } from '../../../../src/platform/realtime/presence';
import { ManualClock } from '../../../support/manual-clock';
import { describeWithRedis, freshPrefix, redisUrl } from '../../../support/redis';
import { closeStore, dropConnection, testConnection } from '../../../support/store';
import { until } from '../../../support/until';

interface Node {
  consoles: ConsoleSockets;
  feed: EventFeed;
  connect(tokenHash: string): Socket;
  /** Opens a console, and waits until it is told what happens. */
  open(tokenHash: string): Promise<Socket>;
  stop(): Promise<void>;
}

const checkedEveryMs = 15_000;

let connection: Connection;
let log: EventLog;
let clock: ManualClock;
let nodes: Node[];
/** Those that are good, by their token's hash, which is the token here. */
let sessions: Map<string, Session>;
let readSessions: () => Promise<Map<string, Session>>;
/** Happens once a console has been let in, before it is among the open ones. */
let meanwhile: () => void;

beforeEach(async () => {
  connection = await testConnection((fresh) => {
    log = new EventLog(fresh);
    definePresence(fresh);
  });
  clock = new ManualClock();
  nodes = [];
  sessions = new Map();
  readSessions = () => Promise.resolve(sessions);
  meanwhile = () => undefined;
  signIn('li 1', 'li');
  signIn('li 2', 'li');
  signIn('han', 'han');
});
afterEach(async () => {
  for (const node of nodes) await node.stop();
  await dropConnection(connection);
});
afterAll(closeStore);

function signIn(tokenHash: string, agentId: string, more: Partial<Viewer> = {}): void {
  const viewer: Viewer = { agentId, role: 'agent', teamIds: ['care', 'sales'], ...more };
  sessions.set(tokenHash, { viewer, tokenHash, name: agentId });
}

async function startNode(coordination: Coordination = inProcessCoordination()): Promise<Node> {
  const http = createServer();
  const server = new Server(http, { serveClient: false });
  coordination.attach(server);
  const feed = new EventFeed(log, () => clock.now());
  const consoles = serveConsole({
    io: server,
    feed,
    clock,
    log: silentLogger,
    publicUrl: '',
    async authenticate(token) {
      const session = sessions.get(token) ?? null;
      meanwhile();
      return session;
    },
    standingSessions: () => readSessions(),
    requireConversation: () => Promise.resolve(),
    changeStatus: () => Promise.resolve(),
    agentTyping: () => undefined,
    presence: new Presence(connection, clock),
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const connect = (token: string) =>
    io(url, { auth: { token }, transports: ['websocket'], reconnection: false });
  const node = {
    consoles,
    feed,
    connect,
    async open(token: string) {
      const socket = connect(token);
      await new Promise((resolve) => socket.once('event', resolve));
      return socket;
    },
    async stop() {
      consoles.close();
      await server.close();
      await coordination.close();
    },
  };
  nodes.push(node);
  return node;
}

const append = (type: EventType, audience: Partial<PendingEvent>) =>
  log.append([
    { id: type, type, at: clock.now(), data: {}, teamId: null, agentIds: [], minimumRole: null, ...audience },
  ]);

const closed = (...sockets: Socket[]) => until(() => sockets.every(({ connected }) => !connected));
/** By the time that this is answered, what was done to the socket before has reached it. */
const isOpen = async (socket: Socket) =>
  (await socket.timeout(2_000).emitWithAck('conversation:view', { conversationId: null })) !== null;

test('what a team may see reaches nobody else when its last member has a chain of their own', async () => {
  const node = await startNode();
  signIn('li 1', 'li', { teamIds: ['care'] });
  signIn('han', 'han', { teamIds: ['sales'] });
  const [li, han] = [await node.open('li 1'), await node.open('han')];
  const heard = { li: [] as string[], han: [] as string[] };
  li.on('event', ({ type }: { type: string }) => heard.li.push(type));
  han.on('event', ({ type }: { type: string }) => heard.han.push(type));
  await append('conversation:created', { teamId: 'nobody', agentIds: ['li'] });
  await append('ticket:created', { teamId: 'care' });
  await append('agent:updated', { teamId: null });
  await node.feed.catchUp();
  await until(() => heard.li.includes('agent:updated') && heard.han.includes('agent:updated'));
  expect(heard).toEqual({
    li: ['conversation:created', 'ticket:created', 'agent:updated'],
    han: ['agent:updated'],
  });
});

test.each<[string, () => unknown]>([
  ['ends', () => sessions.delete('li 1')],
  ['loses a team', () => signIn('li 1', 'li', { teamIds: ['care'] })],
  ['gets another role', () => signIn('li 1', 'li', { role: 'supervisor' })],
])('a console whose session %s while it connects hears nothing', async (_what, change) => {
  const node = await startNode();
  meanwhile = change;
  const heard: string[] = [];
  const socket = node.connect('li 1').on('event', ({ type }: { type: string }) => heard.push(type));
  await new Promise((resolve) => socket.once('disconnect', resolve));
  expect(heard).toEqual([]);
});

describe('the sessions of open consoles', () => {
  let node: Node;
  beforeEach(async () => (node = await startNode()));

  test('one that has ended, though nobody told this node, closes its console and no other', async () => {
    const [ended, other] = [await node.open('li 1'), await node.open('li 2')];
    sessions.delete('li 1');
    clock.advance(checkedEveryMs);
    await closed(ended);
    expect(await isOpen(other)).toBe(true);
  });

  test('one whose agent may see something else now closes its console, which then connects anew', async () => {
    const [role, teams, same] = [await node.open('li 1'), await node.open('li 2'), await node.open('han')];
    signIn('li 1', 'li', { role: 'supervisor' });
    signIn('li 2', 'li', { teamIds: ['care'] });
    signIn('han', 'han', { teamIds: ['sales', 'care'] });
    clock.advance(checkedEveryMs);
    await closed(role, teams);
    expect(await isOpen(same)).toBe(true);
  });

  test('while the store does not answer consoles stay open, and they are looked at again', async () => {
    const li = await node.open('li 1');
    readSessions = () => Promise.reject(new Error('away'));
    clock.advance(checkedEveryMs);
    expect(await isOpen(li)).toBe(true);
    readSessions = () => Promise.resolve(new Map());
    clock.advance(checkedEveryMs);
    await closed(li);
  });
});

describeWithRedis('consoles on several nodes, one of which hangs', () => {
  let prefix: string;
  let hanging: ReturnType<typeof connectListener>;

  beforeEach(async () => {
    prefix = freshPrefix();
    // It counts as a node, and answers nothing.
    hanging = connectListener(redisUrl ?? '', silentLogger);
    await hanging.subscribe(`${prefix}:rooms#/#`);
    for (let index = 0; index < 2; index++)
      await startNode(redisCoordination({ url: redisUrl ?? '', prefix, log: silentLogger }));
  });
  afterEach(() => hanging.disconnect());

  const open = async (...tokenHashes: string[]) => {
    const perNode = nodes.map((node) => Promise.all(tokenHashes.map((tokenHash) => node.open(tokenHash))));
    return (await Promise.all(perNode)).flat();
  };

  test('all of an agent close on every other node, and nobody else does', async () => {
    const [theirs, other] = [await open('li 1', 'li 2'), await open('han')];
    nodes[0]?.consoles.disconnect({ agentId: 'li' });
    await closed(...theirs);
    for (const socket of other) expect(await isOpen(socket)).toBe(true);
  });

  test('those of one session close, or of all but one', async () => {
    const [first, second] = [await open('li 1'), await open('li 2')];
    nodes[0]?.consoles.disconnect({ agentId: 'li', except: 'li 1' });
    await closed(...second);
    for (const socket of first) expect(await isOpen(socket)).toBe(true);
    nodes[0]?.consoles.disconnect({ agentId: 'li', only: 'li 1' });
    await closed(...first);
  });
});
