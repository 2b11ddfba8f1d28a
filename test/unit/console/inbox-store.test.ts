import { ConversationStore } from '../../../agent-console/src/features/inbox/store/conversations';
import { isRetry, mergeMessage } from '../../../agent-console/src/features/inbox/store/merge-message';
import { entriesOf } from '../../../agent-console/src/features/inbox/thread/entries';
import type { ConversationView } from '../../../src/contract/conversations';
import type { MessageView } from '../../../src/contract/messages';

Object.assign(globalThis, { document: { hidden: true } });
const realFetch = globalThis.fetch;
afterAll(() => (globalThis.fetch = realFetch));

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 8, minute)).toISOString();
const row = (id: string, minute: number, change: Partial<ConversationView> = {}) =>
  ({
    id,
    status: 'queued',
    assignee: null,
    version: 1,
    queuedAt: at(minute),
    updatedAt: at(minute),
    ...change,
  }) as ConversationView;

async function storeWith(items: ConversationView[], nextCursor: string | null = null) {
  globalThis.fetch = (async () => new Response(JSON.stringify({ items, nextCursor }))) as typeof fetch;
  const store = new ConversationStore(() => 'ag_li');
  await store.open('queue');
  await store.open('all');
  return store;
}

test('the queue has the longest waiting first, the others the latest', async () => {
  const store = await storeWith([row('a', 1), row('b', 2)]);
  expect(store.listing('queue').ids).toEqual(['a', 'b']);
  expect(store.listing('all').ids).toEqual(['b', 'a']);
});

test('a change moves a row to its place, and into and out of the views', async () => {
  const store = await storeWith([row('a', 1), row('b', 2)]);
  store.put(row('a', 3, { version: 2, status: 'open', assignee: { id: 'ag_li', name: '李雷' } }));
  expect(store.listing('queue').ids).toEqual(['b']);
  expect(store.listing('all').ids).toEqual(['a', 'b']);
  store.put(row('b', 4, { version: 2, status: 'closed' }));
  expect([store.listing('queue').ids, store.listing('all').ids]).toEqual([[], ['a']]);
});

test('an older version of a row changes nothing', async () => {
  const store = await storeWith([row('a', 1, { version: 5 })]);
  store.put(row('a', 9, { version: 4, status: 'closed' }));
  expect(store.get('a')?.status).toBe('queued');
  expect(store.listing('queue').ids).toEqual(['a']);
});

test('one that is out of sight leaves the views, and no older answer brings it back', async () => {
  const store = await storeWith([row('a', 1), row('b', 2)]);
  expect(store.remove('a', 2)).toBe(true);
  expect([store.get('a'), store.listing('queue').ids, store.listing('all').ids]).toEqual([
    undefined,
    ['b'],
    ['b'],
  ]);
  store.put(row('a', 1));
  await store.open('queue');
  expect([store.get('a'), store.listing('queue').ids]).toEqual([undefined, ['b']]);
  store.put(row('a', 1, { version: 3 }));
  expect(store.listing('queue').ids).toEqual(['a', 'b']);
});

test('whoever has heard of the version that hides it from others keeps it', async () => {
  const store = await storeWith([row('a', 1)]);
  store.put(row('a', 1, { version: 2 }));
  expect(store.remove('a', 2)).toBe(false);
  expect(store.listing('queue').ids).toEqual(['a']);
});

test('one that the server does not find any more leaves the views', async () => {
  const store = await storeWith([row('a', 1), row('b', 2)]);
  const refusal = { error: { code: 'not_found', message: 'No conversation a.' } };
  globalThis.fetch = (async () => new Response(JSON.stringify(refusal), { status: 404 })) as typeof fetch;
  await expect(store.fetch('a')).rejects.toMatchObject({ status: 404 });
  expect([store.get('a'), store.listing('queue').ids]).toEqual([undefined, ['b']]);
  store.put(row('a', 1));
  expect(store.get('a')).toBeDefined();
});

test('what sorts after the last row that was read waits for its page', async () => {
  const store = await storeWith([row('a', 1), row('b', 2)], 'more');
  store.put(row('late', 30));
  store.put(row('early', 0));
  expect(store.listing('queue').ids).toEqual(['early', 'a', 'b']);
});

/** A server whose answers to one view come when they are told to. */
function heldServer() {
  const asked: { cursor: string | null; answer: (items: ConversationView[], next?: string) => void }[] = [];
  globalThis.fetch = ((path: string) =>
    new Promise((resume) =>
      asked.push({
        cursor: new URL(path, 'http://desk').searchParams.get('cursor'),
        answer: (items, next) =>
          resume(new Response(JSON.stringify({ items, nextCursor: next ?? null }), { status: 200 })),
      }),
    )) as typeof fetch;
  return asked;
}
const settle = () => new Promise((resume) => setImmediate(resume));

test('read anew, a view has what the server answers and no row that was missed leaving it', async () => {
  const store = await storeWith([row('a', 1), row('b', 2), row('c', 3)]);
  const asked = heldServer();
  store.refresh();
  store.put(row('d', 4));
  store.put(row('e', 60));
  store.put(row('c', 3, { version: 2, status: 'open' }));
  asked[0]?.answer([row('b', 2), row('c', 3)], 'more');
  await settle();
  expect(store.listing('queue').ids).toEqual(['b']);
  asked[1]?.answer([row('b', 2), row('f', 0)]);
  await settle();
  expect(store.listing('all').ids).toEqual(['e', 'd', 'c', 'b', 'f']);
});

test('an answer that a later reading of the view has overtaken counts no more', async () => {
  const store = await storeWith([row('a', 1), row('b', 2)], 'more');
  const asked = heldServer();
  const more = store.more('queue');
  const again = store.open('queue');
  asked[1]?.answer([row('b', 2)]);
  await again;
  asked[0]?.answer([row('c', 3), row('a', 1)], 'even more');
  await more;
  expect(store.listing('queue')).toMatchObject({ ids: ['b'], state: 'ready', nextCursor: null });
});

test('what comes into the next page while it is read is not passed over', async () => {
  const store = await storeWith([row('a', 1), row('b', 2)], 'more');
  const asked = heldServer();
  const more = store.more('queue');
  store.put(row('c', 5));
  asked[0]?.answer([row('d', 6)], 'even more');
  await more;
  expect(store.listing('queue').ids).toEqual(['a', 'b', 'c', 'd']);
});

test('one that is being resolved is gone from the views, and back after an undo', async () => {
  const store = await storeWith([row('a', 1)]);
  store.setLeaving('a', true);
  expect(store.listing('queue').ids).toEqual([]);
  store.setLeaving('a', false);
  expect(store.listing('queue').ids).toEqual(['a']);
});

const message = (change: Partial<MessageView>) =>
  ({
    id: 'ms',
    author: 'agent',
    at: at(1),
    delivery: 'pending',
    deliveryError: null,
    agent: null,
    ...change,
  }) as MessageView;

test.each([
  ['sent', 'pending', 'sent'],
  ['read', 'sent', 'read'],
  ['pending', 'sent', 'sent'],
  ['failed', 'pending', 'failed'],
  ['unknown', 'sent', 'sent'],
] as const)('ticks: %s and then news of %s show %s', (known, news, shown) => {
  expect(mergeMessage(message({ delivery: known }), message({ delivery: news })).delivery).toBe(shown);
});

test('only what has failed can be pending again', () => {
  expect(isRetry(message({ delivery: 'failed' }), message({ delivery: 'pending' }))).toBe(true);
  expect(isRetry(message({ delivery: 'sent' }), message({ delivery: 'pending' }))).toBe(false);
});

test('the handover stands before the answer that tells of it, and days are parted', () => {
  const handover = { at: at(5), reason: 'contact_asked' } as NonNullable<ConversationView['handover']>;
  const messages = [
    message({ id: 'm1', author: 'contact', at: new Date(Date.UTC(2025, 11, 20)).toISOString() }),
    message({ id: 'm2', author: 'contact', at: at(5) }),
    message({ id: 'm3', author: 'bot', at: at(5) }),
  ];
  expect(entriesOf({ handover }, messages).map(({ key }) => key)).toEqual([
    'day-m1',
    'm1',
    'day-m2',
    'm2',
    'handover',
    'm3',
  ]);
});
