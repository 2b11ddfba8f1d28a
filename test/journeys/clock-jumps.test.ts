import type { ConversationView } from '../../src/contract/conversations';
import type { ApiClient } from '../support/api-client';
import { isWith, startJourney, type Journey } from '../support/journey';
import { ManualClock } from '../support/manual-clock';
import { silentLogger } from '../../src/platform/log';
import { closeStore } from '../support/store';
import { until } from '../support/until';

const minute = 60_000;
const hour = 60 * minute;
let clock: ManualClock;
let journey: Journey;
let li: ApiClient;
let stopTime: () => void;

beforeAll(async () => {
  clock = new ManualClock(new Date().toISOString());
  journey = await startJourney(
    (config) => {
      const promise = { firstResponseMinutes: 10, nextResponseMinutes: null, resolutionMinutes: null };
      config.routing = { mode: 'push', offerSeconds: 30 };
      config.sla = [{ name: 'standard', when: {}, ...promise, calendar: 'always' }];
    },
    silentLogger,
    clock,
  );
  // The clock stands still where a test does not move it, but for what polls and wakes.
  const timer = setInterval(() => clock.advance(20), 20);
  stopTime = () => clearInterval(timer);
  li = await journey.as('li');
}, 120_000);
afterAll(async () => {
  await journey.stop();
  stopTime();
  await closeStore();
});

/** A customer who waits for a person. */
async function waiting(name: string) {
  const phone = journey.sandbox.telegram.customer('acme-telegram', name);
  await phone.sendText('转人工');
  const [found] = await until(
    async () => (await li.conversations('?status=queued&limit=100')).filter(isWith(phone)),
    (all) => all.length === 1,
  );
  return found as ConversationView;
}
const told = async ({ ticket }: ConversationView) =>
  (
    await li.get<{ items: { type: string; at: string }[] }>(`/tickets/${ticket?.id}/history`)
  ).body.items.filter(({ type }) => type === 'sla:breached');
/** Some sweeps later. */
async function passes(ms: number) {
  const end = clock.passedMs() + ms;
  while (clock.passedMs() < end) {
    clock.advance(Math.min(5_000, end - clock.passedMs()));
    await new Promise((resume) => setImmediate(resume));
  }
  const settled = clock.passedMs() + 2_000;
  await until(
    async () => clock.passedMs(),
    (passedMs) => passedMs > settled,
  );
}

test('a leap of an hour ends no offer, which still runs out in its own time', async () => {
  const setStatus = (status: string) => li.call('PUT', '/agents/me/status', { status });
  await setStatus('online');
  const { id } = await waiting('offered');
  const read = async () => (await li.get<ConversationView>(`/conversations/${id}`)).body;
  const { offer } = await until(read, (shown) => shown.offer !== null);
  clock.jump(hour);
  await passes(5_000);
  expect((await read()).offer).toEqual(offer);
  await passes(30_000);
  await until(read, (shown) => shown.offer?.until !== offer?.until);
  clock.jump(-hour);
  await setStatus('offline');
  expect((await li.post(`/conversations/${id}/close`)).status).toBe(200);
}, 120_000);

test('a leap of an hour breaches no promise early, and put right, each is broken once at its own time', async () => {
  const customer = await waiting('leap');
  const dueAt = customer.clock?.dueAt;
  clock.jump(hour);
  await passes(5 * minute);
  expect(await told(customer)).toEqual([]);
  clock.jump(-hour);
  await passes(6 * minute);
  expect(await told(customer)).toEqual([expect.objectContaining({ at: dueAt })]);
  clock.jump(-10 * minute);
  await passes(11 * minute);
  expect(await told(customer)).toHaveLength(1);
}, 120_000);

test('a reply after the clock was set back arrives once and keeps the promise', async () => {
  const customer = await waiting('back');
  clock.jump(-15 * minute);
  const path = `/conversations/${customer.id}`;
  expect((await li.post(`${path}/claim`)).status).toBe(200);
  expect((await li.post(`${path}/messages`, { text: 'here I am', clientMessageId: 'one' })).status).toBe(201);
  await until(
    () => li.messages(customer.id),
    (all) => all.some(({ delivery, author }) => author === 'agent' && delivery === 'sent'),
  );
  await passes(26 * minute);
  expect(await told(customer)).toEqual([]);
}, 120_000);

test('what has happened is forgotten after a week, but for the last of it: the numbers go on', async () => {
  const events = async (by: ApiClient) =>
    (await by.get<{ items: { seq: number }[] }>('/events?cursor=0&limit=100')).body.items;
  const last = (await events(li)).at(-1)?.seq ?? 0;
  clock.jump(8 * 24 * hour);
  const again = await journey.as('li');
  // A leap is doubted for 15 minutes from the first sweep that meets it, however slow the store.
  const kept = await until(
    () => {
      clock.advance(minute);
      return events(again);
    },
    ([first]) => (first?.seq ?? 0) > 1,
  );
  expect(kept[0]?.seq).toBeGreaterThanOrEqual(last);
  await again.call('PUT', '/agents/me/status', { status: 'away' });
  await until(
    () => events(again),
    (all) => (all.at(-1)?.seq ?? 0) > (kept.at(-1)?.seq ?? 0),
  );
}, 120_000);
