import { routes, type Route } from '../../src/contract/routes';
import { people, startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
beforeAll(async () => (journey = await startJourney((config) => (config.trustProxy = 1))));
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const api = (path: string, init: RequestInit = {}) => fetch(`${journey.url}/api/v1${path}`, init);
const json = (body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

test('the OpenAPI document names every route', async () => {
  const document = (await (await fetch(`${journey.url}/api/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, object>;
  };
  expect(document.openapi).toBe('3.1.0');
  for (const route of Object.values(routes) as Route[])
    expect(Object.keys(document.paths[route.path.replace(/:(\w+)/g, '{$1}')] ?? {})).toContain(route.method);
});

test('every route but sign-in wants a session', async () => {
  for (const route of (Object.values(routes) as Route[]).filter((one) => one.allow !== 'public')) {
    const path = route.path.replace(/:\w+/g, 'x');
    expect([path, (await api(path, { method: route.method.toUpperCase() })).status]).toEqual([path, 401]);
  }
});

test('a role that may not is told 403 before anything else is looked at', async () => {
  const li = await journey.as('li');
  for (const route of (Object.values(routes) as Route[]).filter(
    (one) => one.allow === 'admin' || one.allow === 'supervisor',
  )) {
    const path = route.path.replace(/:\w+/g, 'x');
    expect([
      path,
      (await li.call(route.method.toUpperCase(), path, route.method === 'get' ? undefined : { nonsense: 1 }))
        .status,
    ]).toEqual([path, 403]);
  }
});

test('what does not exist is 404 before its body is 400', async () => {
  const li = await journey.as('li');
  for (const action of ['claim', 'snooze', 'transfer', 'close', 'messages', 'notes'])
    expect([action, (await li.post(`/conversations/nope/${action}`, { $gt: '' })).status]).toEqual([
      action,
      404,
    ]);
});

test.each([
  '?limit=0',
  '?limit=101',
  '?limit=x',
  '?cursor=forged',
  '?colour=red',
  '?status=asleep',
  '?q[$ne]=x',
])('the query %s is refused', async (query) => {
  const li = await journey.as('li');
  expect((await li.get(`/conversations${query}`)).status).toBe(400);
});

test('an operator in a field is refused, not searched with', async () => {
  for (const body of [
    { email: { $ne: '' }, password: { $ne: '' } },
    { email: 'li@acme.test', password: { $regex: '.*' } },
    { email: ['li@acme.test'], password: 'x' },
  ])
    expect((await api('/session', json(body))).status).toBe(400);
});

test('bad bodies are 4xx and tell nothing of the inside', async () => {
  for (const body of ['{', '[]', '"x"', 'null', '{"email":"a","password":"b","extra":1}']) {
    const answer = await api('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toMatch(/node_modules|at \w+ \(/);
  }
  const huge = await api('/session', json({ email: 'x'.repeat(2_000_000), password: 'y' }));
  expect(huge.status).toBe(413);
});

test('ten wrong passwords from an address, and it waits and is told how long', async () => {
  const guess = (count: number) =>
    api(
      '/session',
      json({ email: 'han@acme.test', password: `wrong ${count}` }, { 'x-forwarded-for': '203.0.113.66' }),
    );
  for (let count = 0; count < 10; count++) expect((await guess(count)).status).toBe(401);
  const refused = await guess(11);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('an unknown address and a wrong password look the same', async () => {
  const answers = await Promise.all(
    ['nobody@acme.test', 'wang@acme.test'].map(async (email) => {
      const answer = await api('/session', json({ email, password: 'wrong password' }));
      return [answer.status, await answer.text()];
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
});

test('a cookie signs in, is unreadable for scripts, and writes only from our own origin', async () => {
  const password = journey.config.team.agents.find((agent) => agent.email === people.admin.email)?.password;
  const signIn = await api('/session', json({ email: people.admin.email, password }));
  const cookie = signIn.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^parley_session=.+HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
  const headers = { cookie: cookie.split(';')[0] ?? '' };
  expect((await api('/session', { headers })).status).toBe(200);
  const write = (origin: Record<string, string>) =>
    api('/agents/me/status', {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json', ...origin },
      body: '{"status":"online"}',
    });
  expect((await write({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await write({})).status).toBe(403);
  expect((await write({ origin: journey.url })).status).toBe(200);
});

test('a new password ends all other sessions and keeps this one', async () => {
  const [here, there] = [await journey.as('supervisor'), await journey.as('supervisor')];
  const feed = there.console();
  await feed.waitFor('ready');
  const ended = new Promise((resolve) => feed.socket.on('disconnect', resolve));
  const agent = journey.config.team.agents.find(({ role }) => role === 'supervisor');
  const next = 'a brand new password';
  expect((await here.call('PUT', '/agents/me/password', { current: 'wrong', next })).status).toBe(403);
  expect((await here.call('PUT', '/agents/me/password', { current: agent?.password, next })).status).toBe(
    204,
  );
  if (agent) agent.password = next;
  expect((await here.get('/session')).status).toBe(200);
  expect((await there.get('/session')).status).toBe(401);
  await ended;
});

test('health is told without a session', async () => {
  for (const path of ['/livez', '/readyz', '/metrics'])
    expect((await fetch(`${journey.url}${path}`)).status).toBe(200);
  expect(await (await fetch(`${journey.url}/metrics`)).text()).toMatch(/parley_inbox_oldest_seconds/);
});
