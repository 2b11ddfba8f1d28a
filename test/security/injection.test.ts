import type { ApiClient } from '../support/api-client';
import { allRoutes, eventNames, operators, sampleObject, schemaOf } from '../support/contract-walk';
import { isWith, startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
let admin: ApiClient;
let ids: Record<string, string>;
beforeAll(async () => {
  journey = await startJourney();
  admin = await journey.as('admin');
  ids = await realIds();
}, 60_000);
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

/** Things that are there, so that a body is looked at and not only an id. */
async function realIds() {
  const phone = journey.sandbox.telegram.customer('acme-telegram', 'real');
  await phone.sendText('talk to a human please');
  const [conversation] = await admin.until(
    async () => (await admin.conversations('?status=queued&limit=100')).filter(isWith(phone)),
    (all) => all.length === 1,
    15_000,
  );
  await admin.post(`/conversations/${conversation?.id}/claim`);
  const first = async (path: string) =>
    (await admin.get<{ items: { id: string }[] }>(path)).body.items[0]?.id ?? '';
  return {
    conversations: conversation?.id ?? '',
    tickets: conversation?.ticket?.id ?? '',
    contacts: conversation?.contact.id ?? '',
    articles: await first('/articles'),
    channels: await first('/channels'),
    agents: await first('/agents'),
    teams: 'aftersales',
  };
}

const pathOf = (path: string) => {
  const [, noun = ''] = path.split('/');
  return path
    .replace(':kind', 'outbox')
    .replace(':messageId', 'ms_none')
    .replace(':id', ids[noun] ?? 'none');
};

test('an operator in any field of any body is 400, and never reaches the store', async () => {
  const found: string[] = [];
  let tried = 0;
  for (const [name, { method, path, body }] of allRoutes) {
    if (!body) continue;
    const schema = schemaOf(body);
    const sample = sampleObject(schema);
    const bodies = [
      ...Object.keys(schema.properties ?? {}).flatMap((field) =>
        operators.map((value) => ({ ...sample, [field]: value })),
      ),
      { ...sample, $where: '1' },
      { ...sample, 'a.b': 1 },
      JSON.parse('{"__proto__": {"role": "admin"}}') as object,
      [sample],
    ];
    for (const sent of bodies) {
      const { status } = await admin.call(method.toUpperCase(), pathOf(path), sent);
      tried++;
      // 404, 403: refused before its body is looked at, as of a thing that is not there or that the file configures.
      if (![400, 403, 404].includes(status)) found.push(`${name} ${status} ${JSON.stringify(sent)}`);
    }
  }
  process.stdout.write(`injection: ${tried} bodies\n`);
  expect(found).toEqual([]);
  expect(({} as { role?: string }).role).toBeUndefined();
}, 120_000);

test('an operator in any query parameter of any route is 400', async () => {
  const found: string[] = [];
  for (const [name, { method, path, query }] of allRoutes) {
    const fields = query ? Object.keys(schemaOf(query).properties ?? {}) : [];
    for (const suffix of [...fields.map((field) => `${field}[$ne]=1`), '$where=1', '__proto__[x]=1'])
      if (method === 'get') {
        const { status } = await admin.call('GET', `${pathOf(path)}?${suffix}`);
        // Routes that take no query at all may ignore it; none may fail.
        if (query ? status !== 400 && status !== 404 : status >= 500)
          found.push(`${name} ${suffix} ${status}`);
      }
  }
  expect(found).toEqual([]);
});

test('an operator in an id of a path is 404 or 400', async () => {
  for (const [name, { method, path }] of allRoutes.filter(([, route]) => route.path.includes('/:')))
    for (const id of ['%7B%22$ne%22:null%7D', '__proto__', 'a%00b', '$where']) {
      const { status } = await admin.call(
        method.toUpperCase(),
        path.replace(':kind', 'outbox').replace(/:\w+/g, id),
        method === 'get' ? undefined : {},
      );
      expect([name, id, [400, 404].includes(status)]).toEqual([name, id, true]);
    }
});

test('an operator in any socket event is an answer with an error', async () => {
  const feed = admin.console();
  await feed.waitFor('ready');
  for (const name of eventNames('events.ts', 'ConsoleClientEvents'))
    for (const value of [
      ...operators,
      null,
      'text',
      { cursor: { $gt: 0 } },
      { conversationId: { $ne: null }, typing: true },
      { status: { $ne: 1 } },
    ]) {
      const answer: unknown = await feed.socket.emitWithAck(name as 'resume', value as { cursor: number });
      expect([name, answer]).toMatchObject([name, { error: { code: 'invalid_input' } }]);
    }
  feed.close();
});
