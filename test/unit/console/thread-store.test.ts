import { ThreadStore } from '../../../agent-console/src/features/inbox/store/threads';
import type { MessageView } from '../../../src/contract/messages';

Object.assign(globalThis, { document: { hidden: true } });
const realFetch = globalThis.fetch;
afterAll(() => (globalThis.fetch = realFetch));

const message = (seq: number, change: Partial<MessageView> = {}) =>
  ({
    id: `ms_${seq}`,
    conversationId: 'cv',
    seq,
    author: 'contact',
    delivery: null,
    ...change,
  }) as MessageView;
const span = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** A store that watches one thread of a server which has as many messages as it is told of. */
function threadOf(last: number) {
  const server = { last, isDown: false, asked: 0 };
  let held: Promise<void> | null = null;
  globalThis.fetch = (async (path: string) => {
    server.asked += 1;
    const query = new URL(path, 'http://desk').searchParams;
    const end = Math.min(server.last, Number(query.get('before')) - 1);
    const items = span(Math.max(1, end - Number(query.get('limit')) + 1), end).map((seq) => message(seq));
    await held;
    if (server.isDown) throw new TypeError('fetch failed');
    return new Response(JSON.stringify({ items, nextCursor: null }));
  }) as typeof fetch;
  const store = new ThreadStore();
  store.watch('cv', () => undefined);
  return {
    store,
    server,
    /** Answers that are asked for from now on wait until they are let go. */
    hold() {
      let letGo = (): void => undefined;
      held = new Promise((resume) => (letGo = resume));
      return () => {
        held = null;
        letGo();
      };
    },
    seqs: () => store.get('cv').messages.map(({ seq }) => seq),
  };
}
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resume) => setImmediate(resume));
};

test('older messages join without a hole, down to the first', async () => {
  const { store, seqs } = threadOf(120);
  await store.open('cv');
  expect([seqs(), store.get('cv').hasOlder]).toEqual([span(71, 120), true]);
  await store.older('cv');
  await store.older('cv');
  expect([seqs(), store.get('cv').hasOlder]).toEqual([span(1, 120), false]);
});

test('what was missed in a long outage is shown, also when a message came before it was read anew', async () => {
  const { store, server, seqs } = threadOf(40);
  await store.open('cv');
  server.last = 200;
  store.put(message(200));
  store.refresh();
  await settle();
  expect(seqs()).toEqual(span(151, 200));
  while (store.get('cv').hasOlder) await store.older('cv');
  expect(seqs()).toEqual(span(1, 200));
});

test('after a reading anew that failed the next try leaves no hole either', async () => {
  const { store, server, seqs } = threadOf(40);
  await store.open('cv');
  Object.assign(server, { last: 140, isDown: true });
  store.refresh();
  await settle();
  expect([store.get('cv').state, seqs()]).toEqual(['failed', span(1, 40)]);
  for (const seq of span(141, 200)) store.put(message(seq));
  Object.assign(server, { last: 200, isDown: false });
  await store.open('cv');
  while (store.get('cv').hasOlder) await store.older('cv');
  expect(seqs()).toEqual(span(1, 200));
});

test('a message that comes while the thread is read stays', async () => {
  const { store, server, hold, seqs } = threadOf(60);
  const letGo = hold();
  const opening = store.open('cv');
  server.last = 61;
  store.put(message(61));
  letGo();
  await opening;
  expect(seqs()).toEqual(span(11, 61));
});

test('a page that was asked for before the thread was read anew makes no hole', async () => {
  const { store, server, hold, seqs } = threadOf(100);
  await store.open('cv');
  const letGo = hold();
  const asked = [store.older('cv'), store.refresh()];
  await settle();
  const letLaterGo = hold();
  server.last = 300;
  store.refresh();
  await settle();
  letLaterGo();
  await settle();
  expect(seqs()).toEqual(span(251, 300));
  letGo();
  await Promise.all(asked);
  await settle();
  expect(seqs()).toEqual(span(251, 300));
  while (store.get('cv').hasOlder) await store.older('cv');
  expect(seqs()).toEqual(span(1, 300));
});

test('a thread that is out of sight is not brought back by an answer', async () => {
  const { store, hold, seqs } = threadOf(10);
  const letGo = hold();
  const opening = store.open('cv');
  store.forget('cv');
  letGo();
  await opening;
  expect([store.get('cv').state, seqs()]).toEqual(['idle', []]);
});
