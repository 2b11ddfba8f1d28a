import { closeStore } from '../../support/store';
import { hire, minute, openBench, queued, read, someone, writesAgain, type DeskBench } from './desk-bench';

let bench: DeskBench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());
afterAll(closeStore);

test('what belongs to an agent who is let go waits for the others, also what rests', async () => {
  const li = await hire(bench, 'li');
  const [open, resting] = [await queued(bench, 'Ada'), await queued(bench, 'Bob')];
  for (const { _id } of [open, resting]) await bench.desk.acts.claim(_id, li);
  const until = new Date(bench.clock.now().getTime() + 30 * minute);
  await bench.desk.acts.snooze(resting._id, li, until);
  await bench.desk.agents.change(li.viewer.agentId, { enabled: false });
  expect(await read(bench, open._id)).toMatchObject({ status: 'queued', assigneeId: null });
  expect(await read(bench, resting._id)).toMatchObject({ status: 'snoozed', assigneeId: null });
  bench.clock.advance(minute);
  await writesAgain(bench, resting._id);
  const woken = await read(bench, resting._id);
  expect(woken).toMatchObject({ status: 'queued', queuedAt: resting.queuedAt });
  for (const { ticketId } of [open, resting])
    expect(await bench.desk.tickets.byId(ticketId ?? '')).toMatchObject({ status: 'open', assigneeId: null });
});

test.each([
  ['offline', [], { status: 'queued', assigneeId: null, assigneeName: null }],
  ['offline', ['ag_li'], { status: 'open', assigneeId: 'ag_li' }],
  ['away', [], { status: 'open', assigneeId: 'ag_li' }],
  ['busy', [], { status: 'open', assigneeId: 'ag_li' }],
  ['online', [], { status: 'open', assigneeId: 'ag_li' }],
] as const)(
  'what was snoozed by an agent who is %s by then, consoles open: %j, wakes where somebody sees it',
  async (status, atConsole, place) => {
    const li = await hire(bench, 'li');
    const { acts } = bench.desk;
    await bench.desk.agents.createTeam({ id: 'aftersales', name: '售后', memberIds: ['ag_li'] });
    const row = await queued(bench, 'Ada');
    await acts.transfer(row._id, someone('wang', 'supervisor'), { teamId: 'aftersales' });
    await acts.claim(row._id, someone('ag_li', 'agent', ['aftersales']));
    await acts.snooze(row._id, li, new Date(bench.clock.now().getTime() + 30 * minute));
    for (const agentId of atConsole) bench.atConsole.add(agentId);
    await bench.desk.agents.changeStatus('ag_li', status);
    bench.clock.advance(30 * minute);
    await acts.wakeSnoozed(bench.clock.now());
    expect(await read(bench, row._id)).toMatchObject({
      ...place,
      teamId: 'aftersales',
      queuedAt: row.queuedAt,
      snoozedUntil: null,
    });
    const { assigneeId } = place;
    expect(await bench.desk.tickets.byId(row.ticketId ?? '')).toMatchObject({
      status: 'open',
      assigneeId,
      teamId: 'aftersales',
    });
  },
);

test('another password takes nothing from an agent', async () => {
  const li = await hire(bench, 'li');
  const { _id } = await queued(bench, 'Ada');
  await bench.desk.acts.claim(_id, li);
  await bench.desk.agents.change(li.viewer.agentId, { password: 'another horse battery' });
  expect(await read(bench, _id)).toMatchObject({ status: 'open', assigneeId: 'ag_li' });
});

test('of two admins who go at the same moment at least one stays', async () => {
  const [li, han] = [await hire(bench, 'li', { role: 'admin' }), await hire(bench, 'han', { role: 'admin' })];
  const { agents } = bench.desk;
  const results = await Promise.allSettled([
    agents.change(li.viewer.agentId, { role: 'agent' }),
    agents.change(han.viewer.agentId, { enabled: false }),
  ]);
  for (const result of results)
    if (result.status === 'rejected')
      expect(result.reason).toMatchObject({ status: 409, code: 'last_admin' });
  const stay = (await agents.list()).filter(({ role, enabled }) => role === 'admin' && enabled);
  expect(stay).toHaveLength(results.filter(({ status }) => status === 'rejected').length);
  expect(stay).not.toEqual([]);
});

test('the last admin stays one, and nothing else of the change is made', async () => {
  const li = await hire(bench, 'li', { role: 'admin' });
  const change = { role: 'agent', name: 'Li' } as const;
  const refused = bench.desk.agents.change(li.viewer.agentId, change);
  await expect(refused).rejects.toMatchObject({ status: 409, code: 'last_admin' });
  expect(await bench.desk.agents.byId('ag_li')).toMatchObject({ role: 'admin', name: 'li' });
});
