import { closeStore } from '../../support/store';
import { minute, openBench, queued, read, someone, type DeskBench } from './desk-bench';

let bench: DeskBench;
beforeEach(async () => void (bench = await openBench()));
afterEach(() => bench.close());
afterAll(closeStore);

const li = someone('li');
const reply = (id: string, body: object) =>
  bench.desk.handlers.sendMessage({
    params: { id },
    session: li,
    body: () => body,
    http: { response: { status: () => undefined } },
  } as never);
const sendAgain = (id: string, messageId: string) =>
  bench.desk.handlers.retryMessage({ params: { id, messageId }, session: li, body: () => ({}) } as never);
const statusesOf = async (id: string) => {
  const { status, ticketId } = await read(bench, id);
  return [status, (await bench.desk.tickets.byId(ticketId ?? ''))?.status];
};

test('a reply wakes what rests; the same one told again leaves asleep what rests since', async () => {
  const { _id } = await queued(bench, 'Ada');
  await bench.desk.acts.claim(_id, li);
  const snooze = () => bench.desk.acts.snooze(_id, li, new Date(bench.clock.now().getTime() + 30 * minute));
  await snooze();
  const words = { text: 'on its way', clientMessageId: 'r1' };
  await reply(_id, words);
  expect(await statusesOf(_id)).toEqual(['open', 'open']);
  await snooze();
  await reply(_id, words);
  expect(await statusesOf(_id)).toEqual(['snoozed', 'pending']);
});

test('a reply to what rests leaves solved what is closed at the same time', async () => {
  const { _id } = await queued(bench, 'Ada');
  await bench.desk.acts.claim(_id, li);
  await bench.desk.acts.snooze(_id, li, new Date(bench.clock.now().getTime() + 30 * minute));
  const { cases } = bench.desk;
  const change = cases.change.bind(cases);
  const opening = jest.spyOn(cases, 'change').mockImplementationOnce(async (...args) => {
    await bench.desk.acts.close(_id, li);
    return change(...args);
  });
  await reply(_id, { text: 'on its way', clientMessageId: 'r1' });
  opening.mockRestore();
  expect(await statusesOf(_id)).toEqual(['closed', 'solved']);
  expect(await bench.desk.clocks.model.countDocuments({ state: 'running' })).toBe(0);
});

test('what is told of as unknown is sent again while its outcome is still being noted, once however often asked', async () => {
  const { _id, threadId } = await queued(bench, 'Ada');
  await bench.desk.acts.claim(_id, li);
  await reply(_id, { text: 'did it arrive?', clientMessageId: 'r1' });
  const { outbox, messages } = bench.messaging;
  const [row] = await outbox.waitingIn(threadId);
  if (!row) throw new Error('Nothing waits to be sent.');
  await outbox.markSending(row, 'cl_1');
  await messages.recordDelivery(row.messageId, 'unknown');
  let settled: Promise<void> | undefined;
  const waiting = jest.spyOn(bench.clock, 'after').mockImplementation((_ms, goOn) => {
    settled ??= outbox.settle(row, 'unknown', null);
    void settled.then(goOn);
    return () => undefined;
  });
  const answers = await Promise.allSettled([sendAgain(_id, row.messageId), sendAgain(_id, row.messageId)]);
  waiting.mockRestore();
  expect(answers).toContainEqual({
    status: 'fulfilled',
    value: expect.objectContaining({ delivery: 'pending' }),
  });
  expect(answers).toContainEqual({
    status: 'rejected',
    reason: expect.objectContaining({ code: 'not_failed' }),
  });
  expect(await outbox.byKey(row._id)).toMatchObject({ state: 'pending', round: 1 });
});
