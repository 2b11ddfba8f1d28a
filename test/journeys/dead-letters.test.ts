import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { DeadLetterDetail, DeadLetterView } from '../../src/contract/dead-letters';
import type { ApiClient } from '../support/api-client';
import { isWith, people, startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';
import { deliverStrangeUpdate } from '../support/strange-update';

let journey: Journey;
let admin: ApiClient;
beforeAll(async () => {
  journey = await startJourney();
  admin = await journey.as('admin');
});
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const list = async (kind: string) =>
  (await admin.get<{ items: DeadLetterView[] }>(`/dead-letters?kind=${kind}`)).body.items;
const act = (letter: DeadLetterView, name: string) =>
  admin.post(`/dead-letters/${letter.kind}/${encodeURIComponent(letter.id)}/${name}`);

test('a signed webhook that is not understood can be read, tried again and discarded, and its secret is never shown', async () => {
  const marker = randomBytes(6).toString('hex');
  await deliverStrangeUpdate(journey, marker);
  const [letter] = await list('quarantine');
  if (!letter) throw new Error('Nothing was quarantined.');
  const { body } = await admin.get<DeadLetterDetail>(
    `/dead-letters/quarantine/${encodeURIComponent(letter.id)}`,
  );
  expect(body.raw).toContain(marker);
  const secret = String(
    journey.config.channels.find(({ id }) => id === 'acme-telegram')?.configuration['secretToken'],
  );
  expect(JSON.stringify(body)).not.toContain(secret);
  const replayed = await act(letter, 'replay');
  expect(replayed).toMatchObject({ status: 409, body: { error: { code: 'not_understood' } } });
  expect((await act(letter, 'discard')).status).toBe(204);
  expect(await list('quarantine')).toEqual([]);
  expect((await act(letter, 'replay')).status).toBe(404);
});

test('a message whose answer was lost is sent again under the same key, by whoever decides it, and audited', async () => {
  const phone = journey.sandbox.telegram.customer('acme-telegram', 'lost');
  journey.sandbox.control('acme-telegram', { dropAnswers: 1 });
  await phone.sendText('how long until my order ships?');
  const [letter] = await admin.until(
    () => list('outbox'),
    (found) => found.length === 1,
    15_000,
  );
  if (!letter) throw new Error('Nothing is unknown.');
  expect(letter).toMatchObject({ state: 'unknown', errorClass: 'unknown', accountId: 'acme-telegram' });
  expect((await act(letter, 'replay')).status).toBe(204);
  await admin.until(
    () => list('outbox'),
    (found) => found.length === 0,
  );
  const [conversation] = (await admin.conversations('?limit=100')).filter(isWith(phone));
  const sent = await admin.until(
    () => admin.messages(conversation?.id ?? ''),
    (all) => all.some(({ id, delivery }) => id === letter.id && delivery === 'sent'),
  );
  expect(sent.filter(({ author }) => author === 'bot')).toHaveLength(1);
  expect(phone.received()).toHaveLength(2);
  expect((await act(letter, 'replay')).status).toBe(404);
});

/** `npm run dead-letters -- …`, as a process of its own. */
function command(args: string[], who: { email: string; password: string } | null = supervisorLogin()) {
  const root = resolve(__dirname, '../..');
  const env = {
    PATH: process.env['PATH'],
    PARLEY_URL: journey.url,
    ...(who && { PARLEY_EMAIL: who.email, PARLEY_PASSWORD: who.password }),
  };
  const file = [resolve(root, 'node_modules/tsx/dist/cli.mjs'), 'src/cli/dead-letters.ts', ...args];
  return new Promise<{ code: number; out: string; err: string }>((done) => {
    execFile(process.execPath, file, { cwd: root, env }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}
function supervisorLogin() {
  const { email } = people.supervisor;
  return { email, password: journey.config.team.agents.find((one) => one.email === email)?.password ?? '' };
}

test('the command lists, shows, replays and discards what the store holds, and exits 1 where it may not', async () => {
  const marker = randomBytes(6).toString('hex');
  await deliverStrangeUpdate(journey, marker);
  const phone = journey.sandbox.telegram.customer('acme-telegram', 'by command');
  journey.sandbox.control('acme-telegram', { dropAnswers: 1 });
  await phone.sendText('how long until my order ships?');
  await admin.until(
    () => list('outbox'),
    (found) => found.length === 1,
    15_000,
  );
  const listed = await command(['list']);
  const lines = listed.out
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  expect([listed.code, lines.map(([kind, , state]) => `${kind} ${state}`).sort()]).toEqual([
    0,
    ['outbox unknown', 'quarantine quarantined'],
  ]);
  const idOf = (kind: string) => lines.find(([one]) => one === kind)?.[1] ?? '';
  const shown = await command(['show', 'quarantine', idOf('quarantine')]);
  expect((JSON.parse(shown.out) as DeadLetterDetail).raw).toContain(marker);
  const replayed = await command(['replay', 'quarantine', idOf('quarantine')]);
  expect([replayed.code, replayed.err]).toEqual([1, expect.stringContaining('not_understood')]);
  expect((await command(['discard', 'quarantine', idOf('quarantine')])).code).toBe(0);
  expect((await command(['replay', 'outbox', idOf('outbox')])).code).toBe(0);
  await admin.until(
    async () => phone.received().length,
    (count) => count === 2,
  );
  await admin.until(
    async () => [await list('outbox'), await list('quarantine')].flat().length,
    (count) => count === 0,
  );
}, 60_000);

test('the command says how it is used, and who may not use it is told', async () => {
  expect(await command(['explode'])).toMatchObject({ code: 1, err: expect.stringContaining('list [inbox|') });
  expect(await command(['list'], null)).toMatchObject({
    code: 1,
    err: expect.stringContaining('PARLEY_EMAIL'),
  });
  const wrong = await command(['list'], { email: people.supervisor.email, password: 'wrong' });
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('401')]);
}, 60_000);

test('supervisors and admins see them, agents do not', async () => {
  const [supervisor, li] = [await journey.as('supervisor'), await journey.as('li')];
  expect((await supervisor.get('/dead-letters?kind=outbox')).status).toBe(200);
  expect((await li.get('/dead-letters?kind=outbox')).status).toBe(403);
  expect((await admin.get('/dead-letters?kind=nonsense')).status).toBe(400);
});
