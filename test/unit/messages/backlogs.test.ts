import type { Connection } from 'mongoose';
import { createMessaging } from '../../../src/messages';
import { defineInbox } from '../../../src/messages/inbox';
import { defineOutbox, laneOf } from '../../../src/messages/outbox';
import { inProcessCoordination } from '../../../src/platform/coordination/in-process';
import { inboundEvent } from '../../support/inbound-event';
import { ManualClock } from '../../support/manual-clock';
import { closeStore, dropConnection, testConnection } from '../../support/store';

const clock = new ManualClock();
const { signals } = inProcessCoordination();

let connection: Connection;
let messaging: ReturnType<typeof createMessaging>;
beforeEach(async () => {
  connection = await testConnection((one) => (defineInbox(one), defineOutbox(one)));
  messaging = createMessaging(connection, { clock, signals });
});
afterEach(() => dropConnection(connection));
afterAll(closeStore);

const arrive = (threadId: string, id: string) => messaging.inbox.accept(inboundEvent('acme', threadId, id));

const reply = (accountId: string, threadId: string, key: string) => ({
  key,
  messageId: key,
  conversationId: `cv_${threadId}`,
  threadId,
  accountId,
  content: { type: 'text' as const, text: key },
});

/** Every look is one of those that come each second. */
async function inLooks(count: number, look: () => Promise<string[]>): Promise<Set<string>> {
  const found = new Set<string>();
  for (let at = 0; at < count; at++) for (const key of await look()) found.add(key);
  return found;
}

test('a thread is found behind the backlog of another, at the latest after two looks for each page', async () => {
  await Promise.all(Array.from({ length: 2_500 }, (_unused, at) => arrive('th_busy', `busy-${at}`)));
  await arrive('th_late', 'late');
  const found = await inLooks(10, () => messaging.inbox.pendingThreads());
  expect([...found]).toEqual(['th_busy', 'th_late']);
});

test('what an account cannot send yet hides nothing of another account', async () => {
  const slow = Array.from({ length: 2_500 }, (_unused, at) => reply('slow', 'th_slow', `slow-${at}`));
  await messaging.outbox.enqueue(slow);
  await messaging.outbox.enqueue([reply('quick', 'th_quick', 'quick')]);
  const quick = laneOf({ accountId: 'quick', threadId: 'th_quick' });
  expect([...(await inLooks(10, () => messaging.outbox.pendingLanes([])))]).toContain(quick);
  expect(await messaging.outbox.pendingLanes(['slow'])).toEqual([quick]);
});

test('while a backlog is handled from its front, no thread of it is stepped over', async () => {
  await Promise.all(
    Array.from({ length: 2_500 }, (_unused, at) => arrive(`th_${Math.floor(at / 10)}`, `of-${at}`)),
  );
  const found = new Set<string>();
  const rows = defineInbox(connection);
  for (let look = 0; look < 10; look++) {
    for (const key of await messaging.inbox.pendingThreads()) found.add(key);
    const front = await rows.find({ state: 'received' }).sort({ order: 1 }).limit(200).select('_id').lean();
    await rows.updateMany({ _id: { $in: front.map(({ _id }) => _id) } }, { $set: { state: 'done' } });
  }
  expect(found.size).toBe(250);
});
