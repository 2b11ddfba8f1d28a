import { io } from 'socket.io-client';
import type { ConversationView } from '../../src/contract/conversations';
import type { ServerEvent } from '../../src/contract/events';
import { ConsoleFeed } from '../support/api-client';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
beforeAll(async () => (journey = await startJourney()));
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const phone = (name: string) => journey.sandbox.telegram.customer('acme-telegram', name);

test('a console without a valid session is refused', async () => {
  const feed = new ConsoleFeed(journey.url, 'forged');
  const refused = await new Promise<string>((resolve) => {
    feed.socket.on('connect_error', (error) => resolve(error.message));
    feed.socket.on('connect', () => resolve('connected'));
  });
  expect(refused).not.toBe('connected');
  feed.close();
});

test('the cookie opens a console for our own pages only', async () => {
  const { token } = await journey.as('li');
  const connect = (origin: Record<string, string>) =>
    new Promise<string>((resolve) => {
      const socket = io(journey.url, {
        transports: ['websocket'],
        reconnection: false,
        extraHeaders: { cookie: `parley_session=${token}`, ...origin },
      });
      socket.on('connect_error', ({ message }) => resolve(message));
      socket.on('event', ({ type }: { type: string }) => {
        socket.disconnect();
        resolve(type);
      });
    });
  expect(await connect({ origin: 'https://evil.example' })).toBe('unauthorized');
  expect(await connect({ origin: journey.url })).toBe('ready');
  expect(await connect({})).toBe('ready');
});

test.each<[string, unknown]>([
  ['resume', { cursor: -1 }],
  ['resume', { cursor: 1.5 }],
  ['resume', { cursor: '1' }],
  ['resume', undefined],
  ['resume', { cursor: 1, more: true }],
  ['conversation:view', { conversationId: { $ne: null } }],
  ['conversation:view', 'cv_1'],
  ['conversation:typing', { conversationId: 'cv_1' }],
  ['agent:status', { status: 'asleep' }],
  ['agent:status', null],
])('the socket refuses %s with %j and lives', async (name, request) => {
  const feed = (await journey.as('li')).console();
  await feed.waitFor('ready');
  const emit = feed.socket.emitWithAck.bind(feed.socket) as unknown as (
    ...args: unknown[]
  ) => Promise<unknown>;
  expect(await emit(name, request)).toMatchObject({ error: { code: 'invalid_input' } });
  expect(await emit('conversation:view', { conversationId: 'cv_nope' })).toMatchObject({
    error: { code: 'not_found' },
  });
  // Without an acknowledgement, or with something else in its place, it is still only refused.
  feed.socket.emit(name as 'resume', request as never, 'no function' as never);
  expect(await emit('conversation:view', { conversationId: null })).toEqual({ ok: true });
  feed.close();
});

test('every change arrives in order, each naming the one before it', async () => {
  const li = await journey.as('li');
  const feed = li.console();
  await feed.waitFor('ready');
  await phone('realtime order').sendText('转人工');
  const { data } = await feed.waitFor(
    'conversation:updated',
    ({ data }) => data.conversation.status === 'queued',
  );
  await li.post(`/conversations/${data.conversation.id}/claim`);
  await li.post(`/conversations/${data.conversation.id}/messages`, {
    text: '您好',
    clientMessageId: 'order-1',
  });
  await feed.waitFor(
    'message:updated',
    ({ data }) => data.message.delivery === 'sent' && data.message.text === '您好',
  );
  const [ready, ...events] = feed.events;
  let cursor = ready?.seq;
  for (const event of events) {
    expect(event.prev).toBe(cursor);
    expect(event.seq).toBeGreaterThan(event.prev);
    cursor = event.seq;
  }
  feed.close();
});

test('a console that was away catches up by its cursor, without a gap', async () => {
  const li = await journey.as('li');
  const before = li.console();
  const { seq } = await before.waitFor('ready');
  before.close();
  const customer = phone('realtime resume');
  await customer.sendText('how can I pay?');
  await customer.waitFor(() => true);
  const after = li.console();
  await after.waitFor('ready');
  const missed = await li.until(
    async () => ((await after.resume(seq)) as { events: ServerEvent[] }).events,
    (events) => events.some((event) => event.type === 'message:updated'),
  );
  expect(missed[0]?.prev).toBe(seq);
  expect(missed.every((event, index) => index === 0 || event.prev === missed[index - 1]?.seq)).toBe(true);
  expect(missed.some((event) => event.type === 'message:created')).toBe(true);
  after.close();
});

test('a cursor of another world is answered with reset, a malformed one with an error', async () => {
  const feed = (await journey.as('li')).console();
  await feed.waitFor('ready');
  expect(await feed.resume(999_999)).toEqual({ reset: true });
  expect(await feed.socket.emitWithAck('resume', { cursor: { $gt: 0 } } as never)).toMatchObject({
    error: { code: 'invalid_input' },
  });
  feed.close();
});

test('agents do not hear of what they may not see; supervisors do', async () => {
  const [han, wang, admin] = [
    await journey.as('han'),
    await journey.as('supervisor'),
    await journey.as('admin'),
  ];
  const customer = phone('realtime team');
  await customer.sendText('转人工');
  const [queued] = await admin
    .until(
      () => admin.conversations('?status=queued&limit=100'),
      (items) => items.some((item) => item.contact.name.includes('realtime team')),
    )
    .then((items) => items.filter((item) => item.contact.name.includes('realtime team')));
  await wang.post(`/conversations/${queued?.id}/transfer`, { teamId: 'aftersales' });
  const [hears, sees] = [han.console(), wang.console()];
  await Promise.all([hears.waitFor('ready'), sees.waitFor('ready')]);
  await customer.sendText('还在吗');
  await sees.waitFor('message:created', ({ data }) => data.message.text === '还在吗');
  expect((await han.get(`/conversations/${queued?.id}`)).status).toBe(404);
  expect(JSON.stringify(hears.events)).not.toContain('还在吗');
  hears.close();
  sees.close();
});

test('who loses sight of a conversation hears that it is gone, and nothing of what became of it', async () => {
  const [han, li, wang] = [await journey.as('han'), await journey.as('li'), await journey.as('supervisor')];
  const consoles = [han.console(), li.console()] as const;
  await Promise.all(consoles.map((console) => console.waitFor('ready')));
  const [loses, keeps] = consoles;
  const isTheirs = (conversation: ConversationView) => conversation.contact.name.includes('realtime gone');
  await phone('realtime gone').sendText('转人工');
  const queued = await loses.waitFor(
    'conversation:updated',
    ({ data }) => isTheirs(data.conversation) && data.conversation.status === 'queued',
  );
  const { id, ticket } = queued.data.conversation;
  const moved = await wang.post<ConversationView>(`/conversations/${id}/transfer`, { teamId: 'aftersales' });
  expect(moved.status).toBe(200);
  const gone = await loses.waitFor('conversation:gone');
  expect(gone.data).toEqual({ conversationId: id, version: queued.data.conversation.version + 1 });
  const goneTicket = await loses.waitFor('ticket:gone');
  expect(goneTicket.data).toEqual({ ticketId: ticket?.id, version: expect.any(Number) });
  expect(JSON.stringify(loses.events)).not.toContain('aftersales');
  // Who still sees it has had the very version before: that tells them to keep it.
  await keeps.waitFor('ticket:gone');
  const isNew = ({ type, data }: (typeof keeps.events)[number]) =>
    (type === 'conversation:updated' &&
      data.conversation.version === gone.data.version &&
      isTheirs(data.conversation)) ||
    (type === 'ticket:updated' &&
      data.ticket.version === goneTicket.data.version &&
      data.ticket.id === ticket?.id) ||
    type === 'conversation:gone' ||
    type === 'ticket:gone';
  expect(keeps.events.filter(isNew).map(({ type }) => type)).toEqual([
    'conversation:updated',
    'conversation:gone',
    'ticket:updated',
    'ticket:gone',
  ]);
  consoles.forEach((console) => console.close());
});

test('an owner whose team it is not hears that it is gone when it goes back to the queue', async () => {
  const [han, wang] = [await journey.as('han'), await journey.as('supervisor')];
  const feed = han.console();
  await feed.waitFor('ready');
  const isTheirs = (conversation: ConversationView) => conversation.contact.name.includes('realtime owner');
  await phone('realtime owner').sendText('转人工');
  const queued = await feed.waitFor(
    'conversation:updated',
    ({ data }) => isTheirs(data.conversation) && data.conversation.status === 'queued',
  );
  const { id } = queued.data.conversation;
  await wang.post(`/conversations/${id}/transfer`, { teamId: 'aftersales' });
  await wang.post(`/conversations/${id}/assign`, { agentId: han.agent.id });
  const owned = await feed.waitFor(
    'conversation:updated',
    ({ data }) => data.conversation.id === id && data.conversation.assignee?.id === han.agent.id,
  );
  await han.post(`/conversations/${id}/return-to-queue`);
  const gone = await feed.waitFor(
    'conversation:gone',
    ({ data }) => data.version > owned.data.conversation.version,
  );
  expect(gone.data.conversationId).toBe(id);
  expect((await han.get(`/conversations/${id}`)).status).toBe(404);
  feed.close();
});

test('who joins a team or leaves it connects again, and everybody hears of it', async () => {
  const [admin, han, wang] = [
    await journey.as('admin'),
    await journey.as('han'),
    await journey.as('supervisor'),
  ];
  await admin.post('/teams', { id: 'night', name: 'Night', memberIds: [] });
  const others = wang.console();
  await others.waitFor('ready');
  for (const teamIds of [['night'], []]) {
    const before = han.console();
    await before.waitFor('ready');
    const ended = new Promise((resolve) => before.socket.on('disconnect', resolve));
    await admin.patch('/teams/night', { memberIds: teamIds.length > 0 ? [han.agent.id] : [] });
    await ended;
    const after = han.console();
    expect((await after.waitFor('ready')).data).toMatchObject({ role: 'agent', teamIds });
    after.close();
    await others.waitFor(
      'agent:updated',
      ({ data }) => data.agent.id === han.agent.id && data.agent.teamIds.length === teamIds.length,
    );
    others.events.length = 0;
  }
  others.close();
});

test('a team that begins with members is told of them', async () => {
  const [admin, han, wang] = [
    await journey.as('admin'),
    await journey.as('han'),
    await journey.as('supervisor'),
  ];
  const others = wang.console();
  await others.waitFor('ready');
  await admin.post('/teams', { id: 'dawn', name: 'Dawn', memberIds: [han.agent.id] });
  const { data } = await others.waitFor('agent:updated', ({ data }) => data.agent.id === han.agent.id);
  expect(data.agent.teamIds).toContain('dawn');
  await admin.patch('/teams/dawn', { memberIds: [] });
  others.close();
});

test('who looks at a conversation is shown to those who look too', async () => {
  const [li, wang] = [await journey.as('li'), await journey.as('supervisor')];
  const id = (await li.conversations('?limit=1'))[0]?.id ?? '';
  const [first, second] = [li.console(), wang.console()];
  await Promise.all([first.waitFor('ready'), second.waitFor('ready')]);
  await first.socket.emitWithAck('conversation:view', { conversationId: id });
  const seen = new Promise<string[]>((resolve) =>
    first.socket.on(
      'viewers',
      ({ agents }) => agents.length === 2 && resolve(agents.map((agent) => agent.name).sort()),
    ),
  );
  await second.socket.emitWithAck('conversation:view', { conversationId: id });
  expect(await seen).toEqual(['李雷', '王芳'].sort());
  first.close();
  second.close();
});

test('signing out ends the open console at once', async () => {
  const han = await journey.as('han');
  const feed = han.console();
  await feed.waitFor('ready');
  const ended = new Promise((resolve) => feed.socket.on('disconnect', resolve));
  expect((await han.call('DELETE', '/session')).status).toBe(204);
  await ended;
  expect((await han.get('/session')).status).toBe(401);
});
