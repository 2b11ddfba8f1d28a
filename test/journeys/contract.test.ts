import { routes, type Route } from '../../src/contract/routes';
import type { ConversationView } from '../../src/contract/conversations';
import type { MessageView } from '../../src/contract/messages';
import type { Answer, ApiClient } from '../support/api-client';
import { people, startJourney, type Journey, type Person } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
let admin: ApiClient;
let wang: ApiClient;
let li: ApiClient;
let han: ApiClient;
beforeAll(async () => {
  journey = await startJourney((config) => (config.trustProxy = 1));
  [admin, wang, li, han] = (await Promise.all(
    (['admin', 'supervisor', 'li', 'han'] as const).map((person) => journey.as(person)),
  )) as [ApiClient, ApiClient, ApiClient, ApiClient];
});
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

type Page = { items: unknown[]; nextCursor: string | null };
type Refused = { error: { code: string; message: string; details?: unknown } };
const all = Object.entries(routes) as [string, Route][];
const withoutIds = all.filter(([, { path }]) => !path.includes(':'));
const listRoutes = withoutIds.filter(
  ([name, { method, path }]) => method === 'get' && name.startsWith('list') && path !== '/events',
);
const passwordOf = (person: Person) =>
  journey.config.team.agents.find(({ email }) => email === people[person].email)?.password ?? '';

/** Sends bytes as they are, which a client that means well would not. */
const raw = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${journey.url}/api/v1${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

/** A conversation that waits for a person. */
async function queued(name: string): Promise<string> {
  const phone = journey.sandbox.telegram.customer('acme-telegram', name);
  await phone.sendText('转人工');
  const found = await admin.until(
    () => admin.conversations('?status=queued&limit=100'),
    (items) => items.some((item) => item.contact.name.startsWith(name)),
  );
  return found.find((item) => item.contact.name.startsWith(name))?.id ?? '';
}
let counter = 0;
const say = (agent: ApiClient, id: string, more: object = {}) =>
  agent.post<MessageView & Refused>(`/conversations/${id}/messages`, {
    text: '您好',
    clientMessageId: `m-${++counter}`,
    ...more,
  });

describe('the order of the checks', () => {
  const bearer = (agent: ApiClient) => ({ authorization: `Bearer ${agent.token}` });

  test('a body that cannot be read tells nothing to whom has no session: 401', async () => {
    expect((await raw('/articles', '{')).status).toBe(401);
    expect((await raw('/conversations/nope/claim', '[[[')).status).toBe(401);
  });

  test('nor to whom has not the role: 403', async () => {
    expect((await raw('/articles', '{', bearer(li))).status).toBe(403);
  });

  test('nor where nothing is: 404', async () => {
    for (const path of [
      '/conversations/nope/claim',
      '/conversations/nope/messages',
      '/conversations/nope/close',
    ])
      expect([path, (await raw(path, '{', bearer(li))).status]).toEqual([path, 404]);
    for (const path of [
      '/teams/nope',
      '/agents/nope',
      '/channels/nope',
      '/articles/nope',
      '/sla-policies/nope',
    ])
      expect([path, (await admin.patch(path, { $gt: '' })).status]).toEqual([path, 404]);
  });

  test.each(['{', '[]', 'null', '"x"', '{"title":"\ud800"', `{"a":${'['.repeat(70)}${']'.repeat(70)}}`])(
    'then a body such as %s is 400',
    async (body) => expect((await raw('/articles', body, bearer(admin))).status).toBe(400),
  );

  test('JSON under another name is 400, compressed or in another encoding 415, too large 413', async () => {
    const status = async (headers: Record<string, string>, body = '{"title":"x"}') =>
      (await raw('/articles', body, { ...bearer(admin), ...headers })).status;
    expect(await status({ 'content-type': 'text/plain' })).toBe(400);
    expect(await status({ 'content-encoding': 'gzip' })).toBe(415);
    expect(await status({ 'content-type': 'application/json; charset=latin1' })).toBe(415);
    expect(await status({}, `{"title":"${'x'.repeat(1_100_000)}"}`)).toBe(413);
  });
});

test.each(withoutIds)('%s refuses a query that it does not know', async (_name, { method, path }) => {
  const answer = await admin.call<Refused>(
    method.toUpperCase(),
    `${path}?colour=red`,
    method === 'get' ? undefined : {},
  );
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body.error)).toContain('colour');
  expect((await admin.get('/session')).status).toBe(200);
});

describe.each(listRoutes)('%s', (_name, { path }) => {
  test('is read in pages that together are the whole', async () => {
    const whole = (await admin.get<{ items: { id?: string }[]; nextCursor: null }>(`${path}?limit=100`)).body;
    expect(whole.nextCursor).toBeNull();
    const pages: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `?limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: Answer<Page> = await admin.get<Page>(path + query);
      expect(page.status).toBe(200);
      pages.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    expect(pages).toEqual(whole.items);
  });

  test.each(['limit=0', 'limit=101', 'limit=1.5', 'limit=', 'cursor=forged', 'cursor=WyJ4IiwxXQ'])(
    'refuses %s',
    async (query) => expect((await admin.get(`${path}?${query}`)).status).toBe(400),
  );
});

describe('a conversation', () => {
  test('shows every key of its shape, and its messages theirs', async () => {
    const id = await queued('shape');
    const view = (await admin.get<ConversationView>(`/conversations/${id}`)).body;
    expect(view).toMatchObject({
      id,
      accountId: 'acme-telegram',
      channel: 'telegram',
      status: 'queued',
      contact: { id: expect.any(String), name: expect.any(String) },
      assignee: null,
      ticket: { id: expect.any(String), number: expect.any(Number) },
      lastMessage: { text: expect.any(String), at: expect.any(String), author: 'bot' },
      handover: { reason: 'contact_asked', summary: expect.any(String) },
      dueAt: expect.stringMatching(/^\d{4}-.*Z$/),
      replyWindow: null,
    });
    const [first] = await admin.messages(id);
    expect(first).toMatchObject({
      seq: 1,
      conversationId: id,
      author: 'contact',
      text: '转人工',
      at: expect.stringMatching(/Z$/),
      sentAt: expect.stringMatching(/Z$/),
      delivery: null,
      clientMessageId: null,
    });
  });

  test('is answered only by its owner, or by a supervisor', async () => {
    const id = await queued('owner');
    expect(await say(li, id)).toMatchObject({ status: 409, body: { error: { code: 'not_claimed' } } });
    expect((await li.post(`/conversations/${id}/claim`)).status).toBe(200);
    expect((await say(han, id)).status).toBe(403);
    expect((await say(wang, id)).status).toBe(201);
    expect((await say(li, id)).status).toBe(201);
  });

  test('takes no empty text, none over 4,000 characters, and no reply without a name', async () => {
    const id = await queued('texts');
    await li.post(`/conversations/${id}/claim`);
    for (const text of ['', ' \n ', '字'.repeat(4_001), 7, null, { $ne: '' }])
      expect([text, (await say(li, id, { text })).status]).toEqual([text, 400]);
    expect((await say(li, id, { text: '字'.repeat(4_000) })).status).toBe(201);
    expect((await say(li, id, { clientMessageId: undefined })).status).toBe(400);
    expect((await say(li, id, { urgent: true })).status).toBe(400);
  });

  test('tells who answers of an answer that they have not seen', async () => {
    const id = await queued('collision');
    await li.post(`/conversations/${id}/claim`);
    const lastSeenSeq = (await li.messages(id)).at(-1)?.seq;
    const other = await say(wang, id, { text: '我来' });
    const stale = await say(li, id, { lastSeenSeq });
    expect(stale).toMatchObject({ status: 409, body: { error: { code: 'collision' } } });
    expect((await say(li, id, { lastSeenSeq: other.body.seq })).status).toBe(201);
  });

  test('keeps a note inside, and the same note once', async () => {
    const id = await queued('notes');
    const phone = journey.sandbox.telegram.customer('acme-telegram', 'notes');
    await phone.waitFor(() => true);
    const note = { text: '客户很着急', clientMessageId: 'note-1' };
    expect((await han.post(`/conversations/${id}/notes`, note)).status).toBe(201);
    expect((await han.post(`/conversations/${id}/notes`, note)).status).toBe(200);
    expect(await han.post(`/conversations/${id}/notes`, { ...note, text: 'x' })).toMatchObject({
      status: 409,
      body: { error: { code: 'idempotency_conflict' } },
    });
    const notes = (await admin.messages(id)).filter(({ author }) => author === 'note');
    expect(notes).toEqual([expect.objectContaining({ text: note.text, delivery: null })]);
    expect(JSON.stringify(phone.received())).not.toContain(note.text);
  });

  test('is read from either end', async () => {
    const id = await queued('pages');
    await li.post(`/conversations/${id}/claim`);
    for (let count = 0; count < 4; count++) await say(li, id);
    const whole = (await li.messages(id)).map(({ seq }) => seq);
    const page = async (query: string) =>
      (await li.get<{ items: MessageView[] }>(`/conversations/${id}/messages?${query}`)).body.items.map(
        ({ seq }) => seq,
      );
    expect(await page('limit=2')).toEqual(whole.slice(0, 2));
    expect(await page(`limit=2&before=${whole.at(-1)}`)).toEqual(whole.slice(-3, -1));
    for (const query of ['before=0', 'before=x', 'limit=200', 'after=1'])
      expect((await li.get(`/conversations/${id}/messages?${query}`)).status).toBe(400);
  });

  test('is out of sight for other teams: 404, as if it were not', async () => {
    const id = await queued('teams');
    expect((await wang.post(`/conversations/${id}/transfer`, { teamId: 'aftersales' })).status).toBe(200);
    expect((await han.get(`/conversations/${id}`)).status).toBe(404);
    expect((await han.post(`/conversations/${id}/claim`)).status).toBe(404);
    expect((await say(han, id)).status).toBe(404);
    expect((await han.conversations('?limit=100')).map((item) => item.id)).not.toContain(id);
    expect((await li.post(`/conversations/${id}/claim`)).status).toBe(200);
  });

  test('goes where it is given only by whom may, and to whom there is', async () => {
    const id = await queued('given');
    const give = (agent: ApiClient, agentId: string) =>
      agent.post(`/conversations/${id}/assign`, { agentId });
    expect((await give(li, han.agent.id)).status).toBe(403);
    expect((await give(wang, 'nobody')).status).toBe(400);
    expect((await give(wang, han.agent.id)).status).toBe(200);
    const transfer = (body: object) => han.post(`/conversations/${id}/transfer`, body);
    for (const body of [{}, { teamId: 'aftersales', agentId: li.agent.id }, { teamId: 'nowhere' }])
      expect([body, (await transfer(body)).status]).toEqual([body, 400]);
    const back = await han.post<ConversationView>(`/conversations/${id}/return-to-queue`);
    expect(back.body).toMatchObject({ status: 'queued', assignee: null });
  });

  test('rests until a time in the future, and reopens only where no other is open', async () => {
    const id = await queued('life');
    await li.post(`/conversations/${id}/claim`);
    const snooze = (until: unknown) => li.post<ConversationView>(`/conversations/${id}/snooze`, { until });
    for (const until of ['tomorrow', '2020-01-01T00:00:00.000Z', 7])
      expect((await snooze(until)).status).toBe(400);
    expect((await snooze('2099-01-01T00:00:00.000Z')).body).toMatchObject({ status: 'snoozed' });
    expect((await li.post<ConversationView>(`/conversations/${id}/close`)).body.status).toBe('closed');
    expect((await say(li, id)).body).toMatchObject({ error: { code: 'closed' } });
    expect((await li.post<ConversationView>(`/conversations/${id}/reopen`)).body.status).toBe('open');
    await li.post(`/conversations/${id}/close`);
    await journey.sandbox.telegram.customer('acme-telegram', 'life').sendText('还有个问题');
    await li.until(
      () => li.conversations('?status=bot&limit=100'),
      (items) => items.some((item) => item.previousId === id),
    );
    expect(await li.post(`/conversations/${id}/reopen`)).toMatchObject({
      status: 409,
      body: { error: { code: 'another_is_open' } },
    });
  });
});

describe('sessions', () => {
  const signIn = (person: Person, password: string, address = '203.0.113.7') =>
    fetch(`${journey.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ email: people[person].email, password }),
    });

  test('guesses at the same time are counted like guesses one after another', async () => {
    const statuses = await Promise.all(
      Array.from(
        { length: 20 },
        async (_unused, at) => (await signIn('han', `guess ${at}`, '203.0.113.66')).status,
      ),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    expect((await signIn('han', passwordOf('han'))).status).toBe(429);
  });

  test('right passwords are not counted, however many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 15 }, () => signIn('li', passwordOf('li'))));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 15 }, () => 201));
  });

  test('the cookie lives as long as the session that slides', async () => {
    const [cookie = ''] = (await signIn('li', passwordOf('li'))).headers.getSetCookie();
    expect(cookie).toMatch(/Path=\//);
    expect(cookie).toMatch(/Max-Age=43200/);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    const again = await fetch(`${journey.url}/api/v1/session`, { headers });
    expect(again.headers.get('set-cookie')).toBe(cookie);
  });
});

test('what is nowhere is 404 in the words of the API, whatever the method', async () => {
  for (const [method, path] of [
    ['GET', '/api/v1/nope'],
    ['POST', '/livez'],
    ['DELETE', '/nope'],
    ['GET', '/assets/nope.js'],
    ['GET', '/files/nope'],
  ] as const) {
    const answer = await fetch(journey.url + path, { method });
    expect([path, answer.status]).toEqual([path, 404]);
    expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } });
  }
});
