import type { InboxRow } from '../../../src/messages/inbox';
import { Receipts } from '../../../src/pipeline/receipts';

const message = { _id: 'ms', conversationId: 'cv', accountId: 'acme', author: 'agent', content: { type: 'text', text: 'hi' }, at: new Date(0), sentAt: null }; // prettier-ignore
const rowOf = (event: object) => ({ _id: 'in', accountId: 'acme', what: { kind: 'event', event }, receivedAt: new Date(0) }) as unknown as InboxRow; // prettier-ignore

test.each([
  ['a tick', { type: 'receipt', externalId: '7', delivery: 'read' }, 'read'],
  ['an echo', { type: 'echoed', messageId: 'ms', externalId: '7' }, 'sent'],
])(
  '%s that was recorded and not told is told by the next try, once by its id',
  async (_what, event, delivery) => {
    let stored = 'pending';
    const told: string[] = [];
    let isAway = true;
    const receipts = new Receipts({
      messages: {
        byId: async () => ({ ...message, delivery: stored }),
        byExternalId: async () => ({ ...message, delivery: stored }),
        recordDelivery: async (_id: string, next: string) => {
          if (stored === next) return null;
          stored = next;
          return { ...message, delivery: next };
        },
      },
      outbox: { byKey: async () => null },
      conversations: {
        tellMessage: async (
          _id: string,
          _type: string,
          view: { delivery: string },
          { id }: { id: string },
        ) => {
          if (isAway) throw new Error('the store is away');
          told.push(`${id} ${view.delivery}`);
        },
      },
    } as never);
    await expect(receipts.handle(rowOf(event))).rejects.toThrow('away');
    isAway = false;
    expect(await receipts.handle(rowOf(event))).toBe('done');
    expect(told).toEqual([`in:updated ${delivery}`]);
  },
);
