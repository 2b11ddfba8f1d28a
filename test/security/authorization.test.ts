import { io } from 'socket.io-client';
import { atLeast } from '../../src/domain/role';
import { routes, type RouteName } from '../../src/contract/routes';
import type { ApiClient } from '../support/api-client';
import { allRoutes, eventNames } from '../support/contract-walk';
import { isWith, people, startJourney, type Journey, type Person } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
let foreign: { conversation: string; ticket: string; message: string };
beforeAll(async () => {
  journey = await startJourney();
  foreign = await conversationOfAnotherTeam();
}, 60_000);
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

/** A conversation that 李雷's team works on, and 韩梅梅, who is in no team, may not see. */
async function conversationOfAnotherTeam() {
  const phone = journey.sandbox.telegram.customer('acme-telegram', 'foreign');
  const admin = await journey.as('admin');
  await phone.sendText('talk to a human please');
  const [found] = await admin.until(
    async () => (await admin.conversations('?status=queued&limit=100')).filter(isWith(phone)),
    (all) => all.length === 1,
    15_000,
  );
  const id = found?.id ?? '';
  const moved = await admin.post(`/conversations/${id}/transfer`, { teamId: 'aftersales' });
  expect(moved.status).toBe(200);
  const [message] = await admin.messages(id);
  return { conversation: id, ticket: found?.ticket?.id ?? '', message: message?.id ?? '' };
}

/** Whose each route with an id in its path is. A route that stands in none of these has no rule: add it with its rule. */
const ownedByTeam = /^\/(conversations|tickets)\/:id/;
const ownedByNobody = /^\/(contacts|articles|channels|agents|teams|dead-letters|flows)\//;
const publicRoutes: RouteName[] = ['signIn'];

test('every route has a rule: a least role, and for ids in its path whose they are', () => {
  for (const [name, { allow, path }] of allRoutes) {
    expect([name, ['public', 'agent', 'supervisor', 'admin']]).toEqual([
      name,
      expect.arrayContaining([allow]),
    ]);
    if (path.includes('/:'))
      expect([name, ownedByTeam.test(path) || ownedByNobody.test(path)]).toEqual([name, true]);
  }
  const open = allRoutes.filter(([, { allow }]) => allow === 'public').map(([name]) => name);
  expect(open).toEqual(publicRoutes);
});

const fill = (path: string) =>
  path.replace(':kind', 'outbox').replace(':messageId', 'ms_nobody').replace(':id', 'nobody');
const persons: (Person | null)[] = [null, 'li', 'supervisor', 'admin'];

test.each(persons)(
  'each route answers %s as its rule says',
  async (person) => {
    const found: string[] = [];
    for (const [name, { method, path, allow }] of allRoutes) {
      // Each with a session of its own: one of the routes ends it.
      const client = person && (await journey.as(person));
      const answer = await fetch(`${journey.url}/api/v1${fill(path)}`, {
        method: method.toUpperCase(),
        headers: {
          'content-type': 'application/json',
          ...(client && { authorization: `Bearer ${client.token}` }),
        },
        ...(method !== 'get' && { body: JSON.stringify({ nonsense: true }) }),
      });
      const isRefused = answer.status === 401 || answer.status === 403;
      if (allow === 'public') continue;
      const expected = !person ? 401 : atLeast(people[person].role, allow) ? null : 403;
      if (expected ? answer.status !== expected : isRefused) found.push(`${name}: ${answer.status}`);
    }
    expect(found).toEqual([]);
  },
  120_000,
);

test('what another team works on is 404 in every route, for reading and for acting', async () => {
  const han = await journey.as('han');
  const found: string[] = [];
  for (const [name, { method, path }] of allRoutes.filter(([, route]) => ownedByTeam.test(route.path))) {
    const id = path.startsWith('/tickets') ? foreign.ticket : foreign.conversation;
    const full = path.replace(':id', id).replace(':messageId', foreign.message);
    const { status } = await han.call(method.toUpperCase(), full, method === 'get' ? undefined : {});
    if (status !== 404) found.push(`${name}: ${status}`);
  }
  expect(found).toEqual([]);
});

test('lists, the event log and the catch-up show nothing of another team', async () => {
  const han = await journey.as('han');
  const li = await journey.as('li');
  const seen = async (client: ApiClient) =>
    JSON.stringify([
      await client.get('/conversations?limit=100'),
      await client.get('/tickets?limit=100'),
      await client.get('/events?limit=100'),
    ]);
  expect(await seen(li)).toContain(foreign.conversation);
  // Before it was handed to the team everyone saw it; since then only the team hears of it.
  const { body } = await han.get<{ items: { id: string }[] }>('/conversations?limit=100');
  expect(body.items.map(({ id }) => id)).not.toContain(foreign.conversation);
});

const asking: Record<string, (conversationId: string) => unknown> = {
  resume: () => ({ cursor: 0 }),
  'conversation:view': (conversationId) => ({ conversationId }),
  'conversation:typing': (conversationId) => ({ conversationId, typing: true }),
  'agent:status': () => ({ status: 'online' }),
};

test('every socket event of the console is known here, and none shows a foreign conversation', async () => {
  const names = eventNames('events.ts', 'ConsoleClientEvents');
  expect(names.length).toBeGreaterThan(3);
  expect(names.filter((name) => !asking[name])).toEqual([]);
  const han = (await journey.as('han')).console();
  await han.waitFor('ready');
  for (const name of names.filter((event) => event.startsWith('conversation:'))) {
    const asked = asking[name]?.(foreign.conversation) as { cursor: number };
    const answer: unknown = await han.socket.emitWithAck(name as 'resume', asked);
    expect([name, answer]).toMatchObject([name, { error: { code: 'not_found' } }]);
  }
  han.close();
});

test('a socket without a session, with a wrong token or of a strange shape is refused', async () => {
  for (const token of [undefined, '', 'wrong', { $ne: null }, ['a'], 7]) {
    const socket = io(journey.url, { auth: { token }, transports: ['websocket'], reconnection: false });
    const error = await new Promise<Error>((resolve, reject) => {
      socket.on('connect_error', resolve);
      socket.on('connect', () => reject(new Error(`connected with ${JSON.stringify(token)}`)));
    });
    expect(error.message).toBe('unauthorized');
    socket.disconnect();
  }
});

test('the contract has routes', () => expect(Object.keys(routes).length).toBeGreaterThan(40));
