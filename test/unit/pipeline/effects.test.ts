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
import { messagesOf, openBench, someone, type DeskBench } from '../desk/desk-bench';

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
