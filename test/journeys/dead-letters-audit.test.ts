import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { DeadLetterView } from '../../src/contract/dead-letters';
import { openDatabase } from '../../src/platform/mongo/open-database';
import { people, startJourney, type Journey, type Person } from '../support/journey';
import { closeStore } from '../support/store';
import { deliverStrangeUpdate } from '../support/strange-update';

let journey: Journey;
beforeAll(async () => void (journey = await startJourney()), 60_000);
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

interface Line {
  agentId: string;
  act: string;
  target: string;
  at: Date;
}
/** What the collection holds of dead letters, oldest first. */
async function audited(): Promise<Line[]> {
  const { client, database, close } = await openDatabase(journey.config);
  const rows = await client
    .db(database)
    .collection<Line>('audit')
    .find({ act: /^dead-letter:/ })
    .sort({ at: 1 })
    .toArray();
  await close();
  return rows.map(({ agentId, act, target, at }) => ({ agentId, act, target, at }));
}
async function clearAudit(): Promise<void> {
  const { client, database, close } = await openDatabase(journey.config);
  await client.db(database).collection('audit').deleteMany({});
  await close();
}

const passwordOf = (person: Person) =>
  journey.config.team.agents.find(({ email }) => email === people[person].email)?.password ?? '';

/** `npm run dead-letters -- …`, as a process of its own. */
function command(person: Person, args: string[]): Promise<void> {
  const root = resolve(__dirname, '../..');
  const env = {
    PATH: process.env['PATH'],
    PARLEY_URL: journey.url,
    PARLEY_EMAIL: people[person].email,
    PARLEY_PASSWORD: passwordOf(person),
  };
  const file = [resolve(root, 'node_modules/tsx/dist/cli.mjs'), 'src/cli/dead-letters.ts', ...args];
  return new Promise((done) => void execFile(process.execPath, file, { cwd: root, env }, () => done()));
}

/** As the console calls it: by the cookie of its session, with a body that is JSON. */
async function openConsole(person: Person) {
  const body = JSON.stringify({ email: people[person].email, password: passwordOf(person) });
  const headers = { 'content-type': 'application/json', origin: journey.url };
  const signIn = await fetch(`${journey.url}/api/v1/session`, { method: 'POST', headers, body });
  const cookie = signIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return async (method: string, path: string) => {
    const answer = await fetch(`${journey.url}/api/v1${path}`, {
      method,
      headers: { ...headers, cookie },
      ...(method === 'POST' && { body: '{}' }),
    });
    const text = await answer.text();
    return text ? (JSON.parse(text) as unknown) : null;
  };
}

/** Does it all once to a letter: lists it, reads it, replays it in vain, and discards it. */
const ways: [string, Person, (person: Person) => Promise<string>][] = [
  ['API', 'admin', throughApi],
  ['console', 'supervisor', throughConsole],
  ['command', 'supervisor', throughCommand],
];
async function throughApi(person: Person): Promise<string> {
  const client = await journey.as(person);
  const { body } = await client.get<{ items: DeadLetterView[] }>('/dead-letters?kind=quarantine');
  const path = `/dead-letters/quarantine/${encodeURIComponent(body.items[0]?.id ?? '')}`;
  await client.get(path);
  await client.post(`${path}/replay`);
  await client.post(`${path}/discard`);
  return body.items[0]?.id ?? '';
}
async function throughConsole(person: Person): Promise<string> {
  const call = await openConsole(person);
  // An open page asks again and again.
  const lists = await Promise.all([1, 2, 3].map(() => call('GET', '/dead-letters?kind=quarantine')));
  const { id = '' } = (lists[0] as { items: DeadLetterView[] }).items[0] ?? {};
  const path = `/dead-letters/quarantine/${encodeURIComponent(id)}`;
  await call('GET', path);
  await call('POST', `${path}/replay`);
  await call('POST', `${path}/discard`);
  return id;
}
async function throughCommand(person: Person): Promise<string> {
  const client = await journey.as('admin');
  const { body } = await client.get<{ items: DeadLetterView[] }>('/dead-letters?kind=quarantine');
  const id = body.items[0]?.id ?? '';
  await clearAudit();
  await command(person, ['list', 'quarantine']);
  for (const act of ['show', 'replay', 'discard']) await command(person, [act, 'quarantine', id]);
  return id;
}

test.each(ways)(
  'by %s, what %s does to a dead letter is audited: who, what, when and to which key',
  async (_way, person, act) => {
    await clearAudit();
    await deliverStrangeUpdate(journey, randomBytes(6).toString('hex'));
    const before = Date.now();
    const id = await act(person);
    const lines = await audited();
    const { body: me } = await (await journey.as(person)).get<{ agent: { id: string } }>('/session');
    expect(lines.map(({ act: what, target }) => `${what} ${target}`)).toEqual([
      'dead-letter:list quarantine',
      `dead-letter:inspect quarantine/${id}`,
      `dead-letter:replay quarantine/${id}`,
      `dead-letter:discard quarantine/${id}`,
    ]);
    expect(new Set(lines.map(({ agentId }) => agentId))).toEqual(new Set([me.agent.id]));
    for (const { at } of lines) {
      expect(at.getTime()).toBeGreaterThanOrEqual(before);
      expect(at.getTime()).toBeLessThanOrEqual(Date.now());
    }
  },
  60_000,
);

test('who may do none of it leaves no line', async () => {
  await clearAudit();
  const li = await journey.as('li');
  expect((await li.get('/dead-letters?kind=quarantine')).status).toBe(403);
  expect(await audited()).toEqual([]);
});
