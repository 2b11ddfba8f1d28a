import { noLimits } from '../../../src/channels/host/limits';
import type { Bot } from '../../../src/bot/bot';
import { freshMemory, type Plan } from '../../../src/domain/plan';
import { Effects } from '../../../src/pipeline/effects';
import { Receipts } from '../../../src/pipeline/receipts';
import { routeThread, type RouteParts } from '../../../src/pipeline/route';
import { silentLogger } from '../../../src/platform/log';
import { createMetrics } from '../../../src/platform/metrics';
import { inboundOf } from '../../support/path-node';
import { closeStore } from '../../support/store';
import { handover, messagesOf, openBench, read, someone, type DeskBench } from '../desk/desk-bench';

let bench: DeskBench;
let planned: Plan;
beforeEach(async () => void (bench = await openBench()));
afterEach(async () => {
  jest.restoreAllMocks();
  await bench.close();
});
afterAll(closeStore);

const li = someone('li');
const metrics = createMetrics(() => Promise.reject(new Error('not scraped')));
const answer: Plan = {
  decision: { kind: 'answer', articleId: 'parcels', confidence: 1 },
  replies: [{ content: { type: 'text', text: 'It is on its way.' }, origin: 'reply', articleIds: [] }],
  handover: null,
  memory: freshMemory,
  flowRun: null,
  language: 'en',
};

/** The router with the desk and the store as in production, and a bot that answers what the test has planned. */
function partsOf({ desk, contacts, clock, messaging }: DeskBench): RouteParts {
  const { conversations, cases, clocks } = desk;
  const effects = new Effects({
    ...messaging,
    conversations,
    cases,
    limitsOf: () => noLimits,
    contactWrote: (ticketId, at) => clocks.contactWrote(ticketId, at),
    handoverNotice: () => Promise.resolve('You are next in line.'),
  });
  const receipts = new Receipts({ ...messaging, conversations, contacts });
  const bot: Pick<Bot, 'plan'> = { plan: () => Promise.resolve(planned) };
  const { inbox } = messaging;
  return {
    inbox, conversations, contacts, effects, receipts, clock, metrics, bot: bot as Bot, log: silentLogger,
  }; // prettier-ignore
}

/** Ada's next message arrives. */
async function writes(place: number): Promise<string> {
  const inbound = inboundOf('Ada', place, 'Where is my parcel?');
  await bench.messaging.inbox.accept(inbound);
  return inbound.threadId;
}

/** Carries out what waits, by a server that took the lane over at `fence`. */
const route = (threadId: string, fence = 1) =>
  routeThread(partsOf(bench), threadId, { key: threadId, fence });

/** The server stops as it is about to do this. */
const stopsBefore = <T extends object>(part: T, step: jest.FunctionPropertyNames<Required<T>>) =>
  jest.spyOn(part, step).mockRejectedValueOnce(new Error('the server stopped') as never);

const conversations = () => bench.desk.conversations.model.find().select('_id isOpen').lean();
const onlyConversation = async () => {
  const rows = await conversations();
  expect(rows).toHaveLength(1);
  return rows[0]?._id ?? '';
};
const textsOf = async (id: string) => (await messagesOf(bench, id)).map(({ text }) => text);
const sent = () => bench.connection.collection('outbox').countDocuments();
const waits = async () =>
  (
    await bench.connection
      .collection('inbox')
      .find({ state: { $ne: 'done' } })
      .toArray()
  ).length;

describe('a conversation that is closed before a server goes on where another stopped', () => {
  const dialogue = ['Where is my parcel?', 'It is on its way.'];
  const stops = {
    'takes its places': () => stopsBefore(bench.desk.conversations, 'reserve'),
    'writes the messages': () => stopsBefore(bench.messaging.messages, 'insert'),
    'records the turn': () => stopsBefore(bench.desk.conversations, 'recordTurn'),
    'finishes the row': () => stopsBefore(bench.messaging.inbox, 'finish'),
  };
  beforeEach(() => void (planned = answer));

  test.each(Object.entries(stops))(
    'opened, it holds the message when the server stops before it %s',
    async (_, stop) => {
      const threadId = await writes(1);
      stop();
      await route(threadId);
      const id = await onlyConversation();
      await bench.desk.acts.close(id, li);
      await route(threadId, 2);
      expect(await onlyConversation()).toBe(id);
      expect(await textsOf(id)).toEqual(dialogue);
      expect([await sent(), await waits()]).toEqual([1, 0]);
      await route(await writes(2), 2);
      expect((await conversations()).map(({ isOpen }) => isOpen).sort()).toEqual([false, true]);
    },
  );

  test.each(Object.entries(stops).slice(1))(
    'known before, it holds the message when the server stops before it %s',
    async (_, stop) => {
      const threadId = await writes(1);
      await route(threadId);
      await writes(2);
      stop();
      await route(threadId);
      const id = await onlyConversation();
      await bench.desk.acts.close(id, li);
      await route(threadId, 2);
      expect(await onlyConversation()).toBe(id);
      expect(await textsOf(id)).toEqual([...dialogue, ...dialogue]);
      expect([await sent(), await waits()]).toEqual([2, 0]);
    },
  );

  test('the message that took no place in it begins another', async () => {
    const threadId = await writes(1);
    await route(threadId);
    await writes(2);
    stopsBefore(bench.desk.conversations, 'reserve');
    await route(threadId);
    await bench.desk.acts.close(await onlyConversation(), li);
    await route(threadId, 2);
    expect(await conversations()).toHaveLength(2);
    expect(await waits()).toBe(0);
  });

  test('what was left to its agent is decided anew when it took no place in it', async () => {
    const threadId = await writes(1);
    await route(threadId);
    const first = await onlyConversation();
    await writes(2);
    planned = { ...answer, decision: { kind: 'leaveToAgent', because: 'assigned' }, replies: [] };
    stopsBefore(bench.desk.conversations, 'reserve');
    await route(threadId);
    await bench.desk.acts.close(first, li);
    planned = answer;
    await route(threadId, 2);
    const second = (await conversations()).find(({ _id }) => _id !== first);
    expect(await textsOf(second?._id ?? '')).toEqual(dialogue);
    expect(await waits()).toBe(0);
  });

  test('one that closes while the replay is under way holds what stands in it', async () => {
    const threadId = await writes(1);
    stopsBefore(bench.messaging.inbox, 'finish');
    await route(threadId);
    const id = await onlyConversation();
    const { threads } = bench.messaging;
    const touch = threads.touch.bind(threads);
    jest.spyOn(threads, 'touch').mockImplementationOnce(async (...args) => {
      await bench.desk.acts.close(id, li);
      return touch(...args);
    });
    await route(threadId, 2);
    expect(await onlyConversation()).toBe(id);
    expect(await textsOf(id)).toEqual(dialogue);
    expect([await sent(), await waits()]).toEqual([1, 0]);
  });
});

describe('a handover that another act comes before', () => {
  const notice = 'You are next in line.';
  const handOver: Plan = { ...answer, decision: { kind: 'handOver', because: 'contact_asked' }, handover };
  let id: string;
  let threadId: string;
  beforeEach(async () => {
    planned = answer;
    threadId = await writes(1);
    await route(threadId);
    id = await onlyConversation();
    planned = handOver;
    await writes(2);
  });

  /** An agent is quicker than this step. */
  function comesBefore<T extends object, K extends keyof T>(part: T, step: K, act: () => Promise<unknown>) {
    const go = part[step] as unknown as (...args: unknown[]) => unknown;
    const late = async (...args: unknown[]) => {
      await act();
      return go.apply(part, args);
    };
    jest.spyOn(part, step as never).mockImplementationOnce(late as never);
  }
  const claim = () => bench.desk.acts.claim(id, li);
  const close = () => bench.desk.acts.close(id, li);
  const tickets = () => bench.desk.tickets.models.tickets.find().lean();
  const running = () => bench.desk.clocks.model.countDocuments({ state: 'running' });

  test('claimed meanwhile, the contact is not told to wait', async () => {
    comesBefore(bench.messaging.threads, 'touch', claim);
    await route(threadId);
    expect(await textsOf(id)).not.toContain(notice);
    expect(await read(bench, id)).toMatchObject({ status: 'open', assigneeId: 'li' });
    expect(await tickets()).toMatchObject([{ status: 'open', assigneeId: 'li' }]);
  });

  test('claimed only after the notice stands, the notice is sent, once', async () => {
    stopsBefore(bench.messaging.outbox, 'enqueue');
    await route(threadId);
    await claim();
    await route(threadId, 2);
    expect((await textsOf(id)).filter((text) => text === notice)).toHaveLength(1);
    expect([await sent(), await waits()]).toEqual([3, 0]);
  });

  test('closed before it has a ticket, it gets none', async () => {
    comesBefore(bench.messaging.messages, 'insert', close);
    await route(threadId);
    expect(await read(bench, id)).toMatchObject({ status: 'closed', ticketId: null });
    expect([await tickets(), await running()]).toEqual([[], 0]);
  });

  test('closed as its ticket opens, the ticket is solved and nothing of it runs', async () => {
    comesBefore(bench.desk.conversations, 'recordTurn', close);
    await route(threadId);
    expect(await read(bench, id)).toMatchObject({ status: 'closed' });
    expect(await tickets()).toMatchObject([{ status: 'solved' }]);
    expect(await running()).toBe(0);
  });

  test('closed while a server is down that had opened its ticket, the ticket is solved by the next', async () => {
    stopsBefore(bench.desk.conversations, 'recordTurn');
    await route(threadId);
    expect(await running()).toBe(2);
    await close();
    await route(threadId, 2);
    expect(await tickets()).toMatchObject([{ status: 'solved' }]);
    expect([await running(), await waits()]).toEqual([0, 0]);
  });
});
