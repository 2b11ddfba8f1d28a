import type { Connection } from 'mongoose';
import { createMessaging } from '../../../src/messages';
import { defineInbox } from '../../../src/messages/inbox';
import { defineOutbox, laneOf, threadOf } from '../../../src/messages/outbox';
import { deliverThread, type DeliverParts } from '../../../src/pipeline/deliver';
import { routeThread, type RouteParts } from '../../../src/pipeline/route';
import { inProcessCoordination } from '../../../src/platform/coordination/in-process';
import { silentLogger } from '../../../src/platform/log';
import { Lanes, type Claims } from '../../../src/platform/work/lanes';
import { deliverParts } from '../../support/deliver-parts';
import { inboundEvent } from '../../support/inbound-event';
import { ManualClock } from '../../support/manual-clock';
import { closeStore, dropConnection, testConnection } from '../../support/store';
import { until } from '../../support/until';

const accountId = 'acme';
const busy = ['th_a', 'th_b'];
const late = 'th_late';
const backlog = 100;
const clock = new ManualClock();
const { signals } = inProcessCoordination();
const claims: Claims = {
  enter: (key) => ({ lease: { key, fence: 1 }, leave: () => undefined }),
  onGained: () => undefined,
};

let connection: Connection;
let messaging: ReturnType<typeof createMessaging>;
let lanes: Lanes;
/** What was handled, in the order in which it was. */
let handled: { threadId: string; id: string }[];
beforeEach(async () => {
  handled = [];
  connection = await testConnection((one) => (defineInbox(one), defineOutbox(one)));
  messaging = createMessaging(connection, { clock, signals });
});
afterEach(async () => {
  await lanes.stop();
  await dropConnection(connection);
});
afterAll(closeStore);

/** As many lanes as there are busy threads: who comes later must be given one. */
function runLanes(run: (key: string) => Promise<Date | null>, keys: string[]): void {
  lanes = new Lanes(
    { name: 'work', run, pending: async () => keys, concurrency: busy.length, pollMs: 1_000 },
    { claims, clock, log: silentLogger },
  );
  lanes.start();
}

/** The late one comes when the backlog has just been begun. */
async function note(threadId: string, id: string, comesLate: () => Promise<void>): Promise<void> {
  handled.push({ threadId, id });
  if (handled.length === 1) await comesLate();
}

/** The late one's came before any backlog had ended, and each thread's in the order of arrival. */
function expectFairness(): void {
  const placeOfLate = handled.findIndex(({ threadId }) => threadId === late);
  for (const thread of busy) {
    const own = handled.filter(({ threadId }) => threadId === thread);
    expect(own.map(({ id }) => id)).toEqual(idsOf(thread));
    expect(placeOfLate).toBeLessThan(handled.findIndex(({ id }) => id === own.at(-1)?.id));
  }
  expect(placeOfLate).toBeLessThan(busy.length * 50);
}

const idsOf = (thread: string) => Array.from({ length: backlog }, (_unused, at) => `${thread}-${at}`);
const allHandled = () => handled.length === busy.length * backlog + 1;

test('a customer who writes while others have a long backlog is answered before that ends', async () => {
  const arrive = (threadId: string, id: string) =>
    messaging.inbox.accept(inboundEvent(accountId, threadId, id));
  for (const thread of busy) for (const id of idsOf(thread)) await arrive(thread, id);
  const handle = async ({ threadId, _id }: { threadId: string; _id: string }) => {
    await note(threadId, _id, async () => {
      await arrive(late, 'late');
      lanes.wake(late);
    });
    return 'done' as const;
  };
  const parts = { ...messaging, clock, log: silentLogger, receipts: { handle } } as unknown as RouteParts;
  runLanes((thread) => routeThread(parts, thread, { key: thread, fence: 1 }), busy);
  await until(allHandled);
  expectFairness();
});

test('a message is sent to a customer before the long backlogs of others have gone', async () => {
  const enqueue = (threadId: string, ids: string[]) =>
    messaging.outbox.enqueue(
      ids.map((key) => ({
        key,
        messageId: key,
        conversationId: `cv_${threadId}`,
        threadId,
        accountId,
        content: { type: 'text', text: key },
      })),
    );
  for (const _id of [...busy, late])
    await messaging.threads.touch(
      { _id, accountId, channel: 'telegram', identityId: `id_${_id}`, tags: {} },
      { rule: null, order: '', at: clock.now() },
    );
  for (const thread of busy) await enqueue(thread, idsOf(thread));
  const send: DeliverParts['host']['send'] = async ({ thread, messageId }) => {
    await note(thread.id, messageId, async () => {
      await enqueue(late, ['late']);
      lanes.wake(laneOf({ accountId, threadId: late }));
    });
    return { ok: true, externalId: null };
  };
  const parts = {
    ...messaging,
    ...deliverParts(clock, send),
  } as unknown as DeliverParts;
  const keys = busy.map((threadId) => laneOf({ accountId, threadId }));
  runLanes((lane) => deliverThread(parts, threadOf(lane)), keys);
  await until(allHandled);
  expectFairness();
});
