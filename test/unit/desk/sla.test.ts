import type { PendingEvent } from '../../../src/platform/events/pending';
import { closeStore } from '../../support/store';
import {
  history,
  hire,
  minute,
  openBench,
  queued,
  read,
  someone,
  told,
  writesAgain,
  type DeskBench,
} from './desk-bench';

let bench: DeskBench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());
afterAll(closeStore);

const sweep = () => bench.desk.clocks.sweep(bench.deadlines.now());
const passes = async (minutes: number) => {
  bench.clock.advance(minutes * minute);
  await sweep();
};
const alarms = async () =>
  (await told(bench))
    .filter(({ type }) => type.startsWith('sla:'))
    .map((event: PendingEvent) => `${event.type} ${(event.data as { metric: string }).metric}`)
    .sort();
const clocksOf = async (ticketId: string | null) =>
  new Map(
    (await bench.desk.clocks.model.find({ ticketId }).lean()).map((row) => [row.metric, row.state] as const),
  );

test('a handover starts the clocks of its policy, and the conversation shows the nearest', async () => {
  const start = bench.clock.now().getTime();
  const { _id, ticketId } = await queued(bench, 'Ada');
  expect([...(await clocksOf(ticketId)).keys()].sort()).toEqual(['first_response', 'resolution']);
  expect((await read(bench, _id)).dueAt?.getTime()).toBe(start + 10 * minute);
});

test('two warnings and a breach are told once each, with their true times', async () => {
  const start = bench.clock.now().getTime();
  const { ticketId } = await queued(bench, 'Ada');
  await passes(7);
  expect(await alarms()).toEqual([]);
  await passes(1);
  expect(await alarms()).toEqual(['sla:warning first_response']);
  await passes(1);
  await passes(2);
  for (let again = 0; again < 3; again++) await sweep();
  expect(await alarms()).toEqual([
    'sla:breached first_response',
    'sla:warning first_response',
    'sla:warning first_response',
  ]);
  const lines = (await history(bench, ticketId)).filter(({ type }) => type.startsWith('sla:'));
  expect(lines.map(({ at }) => (Date.parse(at) - start) / minute)).toEqual([7.5, 9, 10]);
});

test('what fell due while the server was down is told once, with the time when it was due', async () => {
  const start = bench.clock.now().getTime();
  const rows = await Promise.all(['Ada', 'Bea', 'Cleo'].map((name) => queued(bench, name)));
  bench.clock.advance(180 * minute);
  await Promise.all([sweep(), sweep()]);
  await sweep();
  for (const { ticketId } of rows) {
    const lines = (await history(bench, ticketId)).filter(({ type }) => type === 'sla:breached');
    expect(lines.map(({ at }) => (Date.parse(at) - start) / minute).sort((a, b) => a - b)).toEqual([10, 60]);
  }
  expect((await alarms()).filter((alarm) => alarm.startsWith('sla:breached'))).toHaveLength(6);
});

test('an answer in time keeps the promise, and one too late does not undo the breach', async () => {
  const [inTime, late] = [await queued(bench, 'Ada'), await queued(bench, 'Bea')];
  bench.clock.advance(5 * minute);
  await bench.desk.clocks.agentReplied(inTime.ticketId ?? '', bench.clock.now());
  await passes(10);
  await bench.desk.clocks.agentReplied(late.ticketId ?? '', bench.clock.now());
  expect((await clocksOf(inTime.ticketId)).get('first_response')).toBe('met');
  const lines = (await history(bench, late.ticketId)).filter(({ type }) => type === 'sla:breached');
  expect(lines).toHaveLength(1);
  expect((await history(bench, inTime.ticketId)).filter(({ type }) => type === 'sla:breached')).toEqual([]);
});

test('a question after the answer owes the next one', async () => {
  const { _id, ticketId } = await queued(bench, 'Ada');
  await hire(bench, 'li');
  await bench.desk.acts.claim(_id, someone('ag_li'));
  await bench.desk.clocks.agentReplied(ticketId ?? '', bench.clock.now());
  bench.clock.advance(minute);
  await writesAgain(bench, _id);
  expect((await clocksOf(ticketId)).get('next_response')).toBe('running');
  await passes(31);
  expect(await alarms()).toContain('sla:breached next_response');
});

test('while the contact is waited for the resolution clock rests', async () => {
  const { _id, ticketId } = await queued(bench, 'Ada');
  await hire(bench, 'li');
  await bench.desk.acts.claim(_id, someone('ag_li'));
  await bench.desk.clocks.agentReplied(ticketId ?? '', bench.clock.now());
  const by = {
    actor: { kind: 'agent' as const, id: 'ag_li', name: 'li' },
    cause: 'asked',
    at: bench.clock.now(),
  };
  await bench.desk.cases.change(ticketId ?? '', { status: 'pending' }, by);
  await passes(600);
  expect(await alarms()).toEqual([]);
  await writesAgain(bench, _id);
  await passes(61);
  expect(await alarms()).toContain('sla:breached resolution');
});

test('what is solved has no alarms any more', async () => {
  const { _id, ticketId } = await queued(bench, 'Ada');
  await hire(bench, 'li');
  await bench.desk.acts.claim(_id, someone('ag_li'));
  await bench.desk.acts.close(_id, someone('ag_li'));
  await passes(600);
  expect(await alarms()).toEqual([]);
  expect([...(await clocksOf(ticketId)).values()].sort()).toEqual(['cancelled', 'met']);
});

describe('a ticket solved by itself while its conversation goes on', () => {
  const by = () => ({
    actor: { kind: 'agent' as const, id: 'ag_li', name: 'li' },
    cause: 'done',
    at: bench.clock.now(),
  });
  const solved = async (status: 'solved' | 'closed') => {
    const row = await queued(bench, 'Ada');
    await hire(bench, 'li');
    await bench.desk.acts.claim(row._id, someone('ag_li'));
    await bench.desk.cases.change(row.ticketId ?? '', { status }, by());
    bench.clock.advance(minute);
    return row;
  };

  test.each(['solved', 'closed'] as const)('%s, it opens again when the contact writes', async (status) => {
    const { _id, ticketId } = await solved(status);
    await writesAgain(bench, _id);
    expect(await bench.desk.tickets.byId(ticketId ?? '')).toMatchObject({ status: 'open', solvedAt: null });
    expect([...(await clocksOf(ticketId))]).toEqual(
      expect.arrayContaining([
        ['next_response', 'running'],
        ['resolution', 'running'],
      ]),
    );
    await passes(31);
    expect(await alarms()).toContain('sla:breached next_response');
  });

  test('stays solved when the conversation has been closed before that is noted', async () => {
    const { _id, ticketId } = await solved('solved');
    await bench.desk.acts.close(_id, someone('ag_li'));
    await bench.desk.clocks.contactWrote(ticketId ?? '', bench.clock.now());
    expect(await bench.desk.tickets.byId(ticketId ?? '')).toMatchObject({ status: 'solved' });
  });
});

describe('a conversation closed while it is noted that the contact wrote', () => {
  test.each(['snoozed', 'solved'] as const)(
    '%s before, its ticket stays solved and nothing runs',
    async (rest) => {
      const { _id, ticketId } = await queued(bench, 'Ada');
      const li = someone('ag_li');
      await hire(bench, 'li');
      await bench.desk.acts.claim(_id, li);
      const at = bench.clock.now();
      if (rest === 'snoozed') await bench.desk.acts.snooze(_id, li, new Date(at.getTime() + hour));
      else await bench.desk.cases.change(ticketId ?? '', { status: 'solved' }, { ...byLi, at });
      const { tickets } = bench.desk;
      const change = tickets.change.bind(tickets);
      const opening = jest.spyOn(tickets, 'change').mockImplementationOnce(async (...args) => {
        await bench.desk.acts.close(_id, li);
        return change(...args);
      });
      await writesAgain(bench, _id);
      opening.mockRestore();
      expect(await read(bench, _id)).toMatchObject({ status: 'closed' });
      expect(await tickets.byId(ticketId ?? '')).toMatchObject({ status: 'solved' });
      expect([...(await clocksOf(ticketId)).values()]).not.toContain('running');
    },
  );
});

const hour = 60 * minute;
const byLi = { actor: { kind: 'agent' as const, id: 'ag_li', name: 'li' }, cause: 'done' };

test('a wall clock that leaps ahead breaches nothing early, neither by itself nor when an agent answers', async () => {
  const [answered, waiting] = [await queued(bench, 'Ada'), await queued(bench, 'Bea')];
  bench.clock.jump(hour);
  await passes(1);
  await bench.desk.clocks.agentReplied(answered.ticketId ?? '', bench.clock.now());
  expect(await alarms()).toEqual([]);
  bench.clock.jump(-hour);
  await passes(8);
  expect((await alarms()).filter((alarm) => alarm.startsWith('sla:breached'))).toEqual([]);
  await passes(1);
  expect((await alarms()).filter((alarm) => alarm.startsWith('sla:breached'))).toEqual([
    'sla:breached first_response',
  ]);
  const [breach] = (await history(bench, waiting.ticketId)).filter(({ type }) => type === 'sla:breached');
  expect(Date.parse(breach?.at ?? '')).toBe(bench.clock.now().getTime());
});

test('a wall clock that is set back tells nothing twice, and an answer after it keeps what was promised before', async () => {
  const [late, answered] = [await queued(bench, 'Ada'), await queued(bench, 'Bea')];
  await passes(9);
  await bench.desk.clocks.agentReplied(answered.ticketId ?? '', bench.clock.now());
  await passes(2);
  const told = await alarms();
  const { ticketId } = await queued(bench, 'Cleo');
  bench.clock.jump(-hour);
  await bench.desk.clocks.agentReplied(ticketId ?? '', bench.clock.now());
  await passes(62);
  expect((await clocksOf(ticketId)).get('first_response')).toBe('met');
  expect((await alarms()).filter((alarm) => alarm.endsWith('first_response'))).toEqual(told);
  expect((await history(bench, late.ticketId)).filter(({ type }) => type === 'sla:breached')).toHaveLength(1);
});
