import { closeStore } from '../../support/store';
import { hire, openBench, queued, read, someone, type DeskBench } from './desk-bench';

let bench: DeskBench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());
afterAll(closeStore);

const second = 1_000;
const route = () => bench.desk.offers.offerQueued(bench.clock.now());
const passes = async (seconds: number) => {
  bench.clock.advance(seconds * second);
  await route();
};
const online = async (name: string, change: { skills?: string[]; capacity?: number } = {}) => {
  const session = await hire(bench, name, change);
  await bench.desk.agents.changeStatus(session.viewer.agentId, 'online');
  return session;
};
const offeredTo = async (id: string) => (await read(bench, id)).offer?.agentId ?? null;

test('what waits is offered to who is online, stays in the queue, and is theirs when they claim it', async () => {
  const li = await online('li');
  await hire(bench, 'han');
  const { _id } = await queued(bench, 'Ada');
  await route();
  expect(await read(bench, _id)).toMatchObject({ status: 'queued', offer: { agentId: 'ag_li' } });
  const view = await bench.desk.acts.claim(_id, li);
  expect(view).toMatchObject({ status: 'open', assignee: { id: 'ag_li' }, offer: null });
});

test('nobody online, nothing is offered', async () => {
  await hire(bench, 'li');
  const { _id } = await queued(bench, 'Ada');
  await route();
  expect(await offeredTo(_id)).toBeNull();
});

test('an offer that runs out goes to the next, keeping its age; who misses two in a row is away', async () => {
  await online('li');
  await online('han');
  const first = await queued(bench, 'Ada');
  await route();
  const missedBy = await offeredTo(first._id);
  await passes(29);
  expect(await offeredTo(first._id)).toBe(missedBy);
  await passes(2);
  expect(await offeredTo(first._id)).not.toBe(missedBy);
  expect((await read(bench, first._id)).queuedAt).toEqual(first.queuedAt);
  expect((await bench.desk.agents.byId(missedBy ?? ''))?.status).toBe('online');
  const second = await queued(bench, 'Bea');
  await route();
  expect(await offeredTo(second._id)).toBe(missedBy);
  await passes(31);
  expect((await bench.desk.agents.byId(missedBy ?? ''))?.status).toBe('away');
});

test('nobody is overfilled: offers that stand count as work', async () => {
  await online('li', { capacity: 2 });
  const rows = [];
  for (const name of ['Ada', 'Bea', 'Cleo']) rows.push(await queued(bench, name));
  await route();
  await route();
  const offers = await Promise.all(rows.map(({ _id }) => offeredTo(_id)));
  expect(offers.filter(Boolean)).toHaveLength(2);
});

test('who has the fewest open is next, then who waited longest', async () => {
  const li = await online('li');
  await online('han');
  const first = await queued(bench, 'Ada');
  await bench.desk.acts.claim(first._id, li);
  const second = await queued(bench, 'Bea');
  await route();
  expect(await offeredTo(second._id)).toBe('ag_han');
});

test('skills are waited for a minute, then anyone able is better than nobody', async () => {
  await online('li');
  const { _id } = await queued(bench, 'Ada', { skills: ['refund'] });
  await route();
  expect(await offeredTo(_id)).toBeNull();
  await passes(61);
  expect(await offeredTo(_id)).toBe('ag_li');
});

test('the urgent one is offered before the older one', async () => {
  await online('li', { capacity: 1 });
  const older = await queued(bench, 'Ada');
  bench.clock.advance(60 * second);
  const urgent = await queued(bench, 'Bea', { priority: 'urgent' });
  await route();
  expect([await offeredTo(older._id), await offeredTo(urgent._id)]).toEqual([null, 'ag_li']);
});

test('someone else who claims it first has it, and the offer is gone', async () => {
  await online('li');
  const { _id } = await queued(bench, 'Ada');
  await route();
  await bench.desk.acts.claim(_id, someone('wang', 'supervisor'));
  await passes(31);
  expect(await read(bench, _id)).toMatchObject({ assigneeId: 'wang', offer: null });
  expect((await bench.desk.agents.byId('ag_li'))?.missedOffers).toBe(0);
});

test('what nobody can take holds up nobody behind it', async () => {
  await online('li');
  const row = await queued(bench, 'Ada');
  const unstaffed = Array.from({ length: 150 }, (_, index) => ({
    ...row,
    _id: `cv_night_${index}`,
    identityId: `id_night_${index}`,
    teamId: 'night',
    pendingEvents: [],
  }));
  await bench.desk.conversations.model.insertMany(unstaffed);
  bench.clock.advance(second);
  const { _id } = await queued(bench, 'Bea');
  await route();
  await route();
  expect([await offeredTo(row._id), await offeredTo(_id)]).toEqual(['ag_li', 'ag_li']);
});

test('offers that stand count as work, however long others have waited by then', async () => {
  await online('li', { capacity: 1 });
  const row = await queued(bench, 'Ada');
  await route();
  const older = Array.from({ length: 150 }, (_, index) => ({
    ...row,
    _id: `cv_older_${index}`,
    identityId: `id_older_${index}`,
    queuedAt: new Date(bench.clock.now().getTime() - second),
    pendingEvents: [],
  }));
  await bench.desk.conversations.model.insertMany(older);
  await route();
  expect(await bench.desk.conversations.model.countDocuments({ 'offer.agentId': 'ag_li' })).toBe(1);
});

test.each(['away', 'busy', 'offline'] as const)(
  'what was offered to someone who is %s now goes on at once, and is no miss of theirs',
  async (status) => {
    await online('li');
    const rows = [await queued(bench, 'Ada'), await queued(bench, 'Bea')];
    await route();
    expect(await Promise.all(rows.map(({ _id }) => offeredTo(_id)))).toEqual(['ag_li', 'ag_li']);
    await bench.desk.agents.changeStatus('ag_li', status);
    await online('han');
    await passes(1);
    expect(await Promise.all(rows.map(({ _id }) => offeredTo(_id)))).toEqual(['ag_han', 'ag_han']);
    await passes(60);
    expect(await bench.desk.agents.byId('ag_li')).toMatchObject({ status, missedOffers: 0 });
  },
);
