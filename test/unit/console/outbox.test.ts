import { Outbox } from '../../../agent-console/src/features/inbox/store/outbox';
import type { OutboxItem } from '../../../agent-console/src/features/inbox/store/outbox-item';

interface Sent {
  path: string;
  body: { text: string; clientMessageId: string; lastSeenSeq?: number };
}
type Reply = { status: number; body: unknown } | 'offline';

Object.assign(globalThis, { document: { hidden: true } });
const realFetch = globalThis.fetch;
// An outbox without a connection tries again for ever: a real timer would hold the whole run.
beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date'] }));
afterEach(() => jest.useRealTimers());
afterAll(() => (globalThis.fetch = realFetch));

const minute = 60_000;
const start = Date.parse('2026-01-01T08:00:00Z');

/** An outbox over a disk in memory and a server that answers as told; 201 when told nothing. */
function outboxWith({ disk = new Map<string, OutboxItem>(), replies = [] as Reply[] } = {}) {
  const sent: Sent[] = [];
  const clock = { now: start };
  const stored: string[] = [];
  let ids = 0;
  globalThis.fetch = (async (path: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body)) as Sent['body'];
    const reply = replies.shift() ?? { status: 201, body: { ...body, id: `ms_${body.clientMessageId}` } };
    if (reply === 'offline') throw new TypeError('fetch failed');
    sent.push({ path, body });
    return new Response(JSON.stringify(reply.body), { status: reply.status });
  }) as typeof fetch;
  const outbox = new Outbox({
    db: {
      all: async () => [...disk.values()],
      put: async (item) => void disk.set(item.clientMessageId, item),
      remove: async (id) => void disk.delete(id),
    },
    myId: () => 'ag_li',
    newId: () => `id-${(ids += 1)}`,
    now: () => clock.now,
    stored: ({ clientMessageId }) => void stored.push(clientMessageId ?? ''),
  });
  return { outbox, disk, sent, stored, clock, replies };
}
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resume) => setImmediate(resume));
};

const stateOf = (outbox: Outbox) => outbox.of('cv').map(({ state }) => state.kind);

test('what is written is on the disk at once and gone from it when the server has it', async () => {
  const { outbox, disk, sent, stored } = outboxWith();
  outbox.write('cv', 'reply', 'hello', 7);
  expect([...disk.keys()]).toEqual(['id-1']);
  await settle();
  expect(sent).toEqual([
    {
      path: '/api/v1/conversations/cv/messages',
      body: { text: 'hello', clientMessageId: 'id-1', lastSeenSeq: 7 },
    },
  ]);
  expect([stored, disk.size, outbox.of('cv')]).toEqual([['id-1'], 0, []]);
});

test('without a connection it waits, and goes with the same id in the same order', async () => {
  const { outbox, sent, disk } = outboxWith({ replies: ['offline'] });
  outbox.write('cv', 'reply', 'one', 1);
  outbox.write('cv', 'note', 'two', 1);
  await settle();
  expect(sent).toEqual([]);
  outbox.flush();
  await settle();
  expect(sent.map(({ body }) => [body.clientMessageId, body.text])).toEqual([
    ['id-1', 'one'],
    ['id-2', 'two'],
  ]);
  expect(sent[1]?.path).toBe('/api/v1/conversations/cv/notes');
  expect(disk.size).toBe(0);
});

test('what is written while something waits goes after it', async () => {
  const { outbox, sent } = outboxWith({ replies: ['offline'] });
  outbox.write('cv', 'reply', 'one', 1);
  await settle();
  outbox.write('cv', 'reply', 'two', 1);
  await settle();
  outbox.flush();
  await settle();
  expect(sent.map(({ body }) => body.text)).toEqual(['one', 'two']);
});

test('a reply older than two minutes asks first; a note goes', async () => {
  const { outbox, sent, clock } = outboxWith({ replies: ['offline'] });
  outbox.write('cv', 'reply', 'old', 1);
  outbox.write('cv', 'note', 'old note', 1);
  await settle();
  clock.now += 2 * minute + 1;
  outbox.flush();
  await settle();
  expect(sent.map(({ body }) => body.text)).toEqual(['old note']);
  expect(stateOf(outbox)).toEqual(['stale']);
  outbox.sendAnyway(outbox.of('cv')[0] as OutboxItem);
  await settle();
  expect(sent.map(({ body }) => body.clientMessageId)).toEqual(['id-2', 'id-1']);
});

test('what an earlier page left behind is sent by the next, that of another agent is not', async () => {
  const before = outboxWith({ replies: ['offline', 'offline'] });
  before.outbox.write('cv', 'reply', 'left behind', 1);
  await settle();
  const item = before.disk.get('id-1') as OutboxItem;
  before.disk.set('other', { ...item, clientMessageId: 'other', agentId: 'ag_han' });
  const after = outboxWith({ disk: before.disk });
  await after.outbox.load();
  await settle();
  expect(after.sent.map(({ body }) => body.clientMessageId)).toEqual(['id-1']);
  expect([...after.disk.keys()]).toEqual(['other']);
});

test('what earlier pages left behind goes in the order it was written, before what is written here', async () => {
  const written = (clientMessageId: string, second: number): OutboxItem => ({
    clientMessageId,
    conversationId: 'cv',
    agentId: 'ag_li',
    mode: 'reply',
    text: clientMessageId,
    lastSeenSeq: 1,
    writtenAt: new Date(start - 30_000 + second * 1_000).toISOString(),
    state: { kind: 'waiting' },
  });
  // A disk gives them by their ids, which are random.
  const items = [written('a', 3), written('b', 1), written('c', 2), written('e', 2)];
  const disk = new Map(items.map((item) => [item.clientMessageId, item]));
  const { outbox, sent } = outboxWith({ disk, replies: ['offline', 'offline'] });
  outbox.write('cv', 'reply', 'here', 1);
  await settle();
  await outbox.load();
  expect(outbox.of('cv').map(({ text }) => text)).toEqual(['b', 'c', 'e', 'a', 'here']);
  await settle();
  outbox.flush();
  await settle();
  expect(sent.map(({ body }) => body.text)).toEqual(['b', 'c', 'e', 'a', 'here']);
});

test("a colleague's answer meanwhile is shown, and the reply goes only when it is meant", async () => {
  const message = { id: 'ms_x', text: 'I was quicker', agent: { id: 'ag_han', name: '韩梅梅' } };
  const collision = { error: { code: 'collision', message: '…', details: { message } } };
  const { outbox, sent } = outboxWith({ replies: [{ status: 409, body: collision }] });
  outbox.write('cv', 'reply', 'mine', 3);
  await settle();
  expect(outbox.of('cv')[0]?.state).toEqual({ kind: 'collision', message });
  outbox.flush();
  await settle();
  expect(sent).toHaveLength(1);
  outbox.sendAnyway(outbox.of('cv')[0] as OutboxItem);
  await settle();
  expect(sent[1]?.body).toEqual({ text: 'mine', clientMessageId: 'id-1' });
});

test('a refusal waits for a person and keeps the text', async () => {
  const refusal = { status: 403, body: { error: { code: 'not_owner', message: 'It belongs to 韩梅梅.' } } };
  const { outbox, sent, disk } = outboxWith({ replies: [refusal] });
  outbox.write('cv', 'reply', 'too late', 1);
  await settle();
  outbox.flush();
  await settle();
  expect(sent).toHaveLength(1);
  expect(disk.get('id-1')).toMatchObject({ text: 'too late', state: { kind: 'refused', code: 'not_owner' } });
});

test('an echo that is quicker than the answer settles it', async () => {
  const { outbox, disk } = outboxWith();
  outbox.write('cv', 'reply', 'hello', 1);
  outbox.settle({ conversationId: 'cv', clientMessageId: 'id-1' } as never);
  expect([outbox.of('cv'), disk.size]).toEqual([[], 0]);
  await settle();
  expect([outbox.of('cv'), disk.size]).toEqual([[], 0]);
});
