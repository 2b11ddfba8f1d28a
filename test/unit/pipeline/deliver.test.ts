import type { DeliveryOutcome } from '../../../src/domain/delivery';
import { deliverThread, type DeliverParts } from '../../../src/pipeline/deliver';
import { deliverParts } from '../../support/deliver-parts';
import { ManualClock } from '../../support/manual-clock';

const clock = new ManualClock('2026-11-01T00:00:00Z');
const anHourAgo = new Date(clock.now().getTime() - 3_600_000);
const text = { type: 'text', text: 'hi' };
const sent: DeliveryOutcome = { ok: true, externalId: null };

interface Row {
  _id: string;
  state: string;
  claim: string | null;
}
let rows: Row[];
/** Messages that the platform was given, and how their rows ended. */
let given: string[];
let ended: Record<string, string>;
let thread: object;
let parts: DeliverParts;
beforeEach(() => {
  [given, ended, thread] = [[], {}, { _id: 'th', tags: {}, replyWindow: null }];
  rows = ['m1', 'm2'].map((_id) => row(_id));
  const send: DeliverParts['host']['send'] = async ({ messageId }) => (given.push(messageId), sent);
  parts = {
    ...deliverParts(clock, send, { isRepeatable: false }),
    outbox: {
      waitingIn: async () => rows.filter(({ _id }) => !ended[_id]).map((one) => ({ ...one })),
      markSending: async ({ _id }: Row, claim: string) => {
        Object.assign(rows.find((one) => one._id === _id) ?? {}, { state: 'sending', claim });
        return true;
      },
      settle: async ({ _id }: Row, state: string) => void (ended[_id] = state),
    },
    threads: { byId: async () => thread },
    messages: { recordDelivery: async () => null, byId: async () => null },
  } as unknown as DeliverParts;
});

const row = (_id: string, gates: string[] = []) => ({
  _id, messageId: _id, threadId: 'th', accountId: 'acme', content: text, state: 'pending', dueAt: anHourAgo, gates, attempts: 0, claim: null, lastError: null,
}); // prettier-ignore

test('a message that somebody else has taken holds back those behind it', async () => {
  parts.outbox.markSending = async () => false;
  expect(await deliverThread(parts, 'th')).toEqual(clock.now());
  expect(given).toEqual([]);
});

test('a server that stops ends the message it is at and begins no other', async () => {
  parts.isStopping = () => given.length > 0;
  await deliverThread(parts, 'th');
  expect(given).toEqual(['m1']);
  expect(ended).toEqual({ m1: 'sent' });
});

test('a message that its window refused is no unknown one when the store was away meanwhile', async () => {
  thread = { _id: 'th', tags: {}, replyWindow: { openedAt: anHourAgo, closesAt: anHourAgo, left: 5 } };
  rows = [row('m1', ['window'])];
  const { recordDelivery } = parts.messages;
  parts.messages.recordDelivery = () => Promise.reject(new Error('the store is away'));
  await expect(deliverThread(parts, 'th')).rejects.toThrow('away');
  parts.messages.recordDelivery = recordDelivery;
  await deliverThread(parts, 'th');
  expect(given).toEqual([]);
  expect(ended).toEqual({ m1: 'failed' });
});
