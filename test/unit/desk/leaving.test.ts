import { closeStore } from '../../support/store';
import { hire, minute, openBench, queued, read, writesAgain, type DeskBench } from './desk-bench';

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

test('another password takes nothing from an agent', async () => {
  const li = await hire(bench, 'li');
  const { _id } = await queued(bench, 'Ada');
  await bench.desk.acts.claim(_id, li);
  await bench.desk.agents.change(li.viewer.agentId, { password: 'another horse battery' });
  expect(await read(bench, _id)).toMatchObject({ status: 'open', assigneeId: 'ag_li' });
});
