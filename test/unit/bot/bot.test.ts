import { join } from 'node:path';
import { Bot, type BotParts, type BotTurn } from '../../../src/bot/bot';
import { loadFlows, readFlow } from '../../../src/bot/flows/load-flows';
import { textOf, type Content } from '../../../src/domain/content';
import { freshMemory, type ConversationView, type Plan } from '../../../src/domain/plan';
import { readArticleFiles } from '../../../src/knowledge/article-files';
import { ArticleRetriever, thresholds } from '../../../src/knowledge/retriever';
import { noModel } from '../../../src/platform/llm/language-model';
import { createGuardedFetch } from '../../../src/platform/net/guarded-fetch';
import { startPlatformStub, type PlatformStub, type StubAnswer } from '../../support/platform-stub';

const root = join(__dirname, '../../..');
const retriever = new ArticleRetriever();
retriever.load(
  readArticleFiles(join(root, 'knowledge-base')).files.map(({ path, ...rest }) => ({ ...rest, id: path })),
);
const { flows } = loadFlows(join(root, 'flows'));

let shop: PlatformStub;
let shopSays: () => StubAnswer;
beforeAll(async () => {
  shop = await startPlatformStub(() => shopSays());
});
beforeEach(() => {
  shop.requests.length = 0;
  shopSays = () => ({
    json: {
      status: 'shipped',
      statusText: { 'zh-CN': '已发货', en: 'shipped' },
      carrier: 'SF',
      trackingNumber: 'T1',
      eta: '10-14',
    },
  });
});
afterAll(() => shop.close());

/** A contact who talks with the bot. What it remembers goes through JSON, as through the store of a restarted server. */
function talk(change: Partial<BotParts> = {}) {
  const fetch = createGuardedFetch([shop.url]);
  const config = { orderApi: shop.url };
  const parts = { flows, answers: retriever, thresholds, fetch, config, model: noModel, ...change };
  let conversation: ConversationView | null = null;
  let count = 0;
  return async (said: string | Content): Promise<Plan> => {
    const content: Content = typeof said === 'string' ? { type: 'text', text: said } : said;
    const turn: BotTurn = {
      inboundId: `in_${++count}`, content, event: null, channel: 'webchat', conversation, language: null,
      now: new Date('2026-10-12T02:00:00Z'), contact: { id: 'ct', name: 'Ann', tags: [] },
    }; // prettier-ignore
    const plan = await new Bot(parts).plan(turn);
    const { memory, flowRun, language } = plan;
    const status = plan.handover ? ('queued' as const) : ('bot' as const);
    const next = {
      id: 'cv',
      status,
      memory: memory ?? freshMemory,
      flowRun,
      language,
      assigneeId: null,
      hasTicket: false,
    };
    conversation = JSON.parse(JSON.stringify(next)) as ConversationView;
    return plan;
  };
}
const saidBy = (plan: Plan) => plan.replies.map(({ content }) => textOf(content)).join('\n');

describe('answering', () => {
  test.each([
    ['怎么开发票', 'zh-CN/invoice'],
    ['可以開電子發票嗎', 'zh-CN/invoice'],
    ['Can I pay by credit card?', 'en/payment-methods'],
    ['你好，请问多久发货呀？谢谢', 'zh-CN/shipping-time'],
  ])('%s', async (question, articleId) => {
    const plan = await talk()(question);
    expect(plan.decision).toMatchObject({ kind: 'answer', articleId });
    expect(saidBy(plan)).toBe(retriever.article(articleId)?.body);
  });

  test.each([
    ['在吗', 'welcome'],
    ['谢谢', 'smallTalk'],
    ['😭', 'smallTalk'],
    ['你是机器人吗', 'smallTalk'],
    ['STOP', 'optOut'],
    ['退訂', 'optOut'],
  ])('%s is no question: %s', async (text, kind) => {
    const plan = await talk()(text);
    expect([plan.decision.kind, plan.memory.misses, plan.replies.length]).toEqual([kind, 0, 1]);
  });
});

describe('handing over', () => {
  test.each(['转人工', '轉人工', 'agent', 'I want a human'])('%s: at once', async (text) => {
    expect((await talk()(text)).handover).toMatchObject({ reason: 'contact_asked', priority: 'normal' });
  });

  test('two misses in a row, with what was asked', async () => {
    const say = talk();
    expect((await say('qwzx vbnm')).decision).toEqual({ kind: 'miss' });
    const plan = await say('asdf hjkl');
    expect(plan.decision).toEqual({ kind: 'handOver', because: 'not_understood' });
    expect(plan.handover?.summary).toContain('asdf hjkl');
  });

  test('an answer between two misses begins the count anew', async () => {
    const say = talk();
    await say('qwzx vbnm');
    await say('怎么开发票');
    expect((await say('asdf hjkl')).decision).toEqual({ kind: 'miss' });
  });

  test('the agent sees which articles were tried', async () => {
    const say = talk();
    await say('怎么开发票');
    const plan = await say('转人工');
    expect(plan.handover).toMatchObject({
      articles: [{ id: 'zh-CN/invoice' }],
      summary: expect.stringContaining('怎么开发票') as string,
    });
  });

  test('a complaint is taken down, handed over with its slots, and is urgent', async () => {
    const say = talk();
    expect((await say('我要投诉')).decision).toMatchObject({ kind: 'runFlow', flowId: 'complaint-intake' });
    await say('杯子碎了没人理我');
    const plan = await say('1');
    expect(plan.handover).toMatchObject({
      reason: 'flow', priority: 'high', slots: { what: '杯子碎了没人理我', wanted: 'refund' },
      summary: '投诉：杯子碎了没人理我（希望：退款）',
    }); // prettier-ignore
  });
});

describe('flows', () => {
  test('an order is looked up at the shop', async () => {
    const say = talk();
    expect(saidBy(await say('查一下我的订单'))).toMatch(/订单号/);
    expect(saidBy(await say('20261001001'))).toBe(
      '订单 20261001001：已发货。由SF配送，运单号 T1，预计送达：10-14。',
    );
    expect(shop.requests.map(({ method, path }) => [method, path])).toEqual([['GET', '/orders/20261001001']]);
  });

  test('a wrong answer gets a hint, and after the last try a person', async () => {
    const say = talk();
    await say('查一下我的订单');
    expect(saidBy(await say('嗯哼'))).toMatch(/不像订单号/);
    expect(saidBy(await say('呵呵'))).toMatch(/不像订单号/);
    expect((await say('哈哈')).handover).toMatchObject({ reason: 'flow', summary: '查询订单' });
  });

  test('a question about something else is answered and ends the flow', async () => {
    const say = talk();
    await say('查一下我的订单');
    const plan = await say('怎么开发票');
    expect([plan.decision.kind, plan.flowRun]).toEqual(['answer', null]);
  });

  test.each([
    ['取消', 'welcome'],
    ['转人工', 'handOver'],
    ['TD', 'optOut'],
  ])('%s leaves a flow: %s', async (text, kind) => {
    const say = talk();
    await say('查一下我的订单');
    const plan = await say(text);
    expect([plan.decision.kind, plan.flowRun]).toEqual([kind, null]);
  });

  test.each([
    ['a shop that is ill', { status: 500 }],
    ['a shop that hangs up', { cut: true }],
    ['an answer that is no JSON', { bytes: Buffer.from('<html>') }],
  ])('%s: the flow says so and offers a person', async (_what, answer) => {
    shopSays = () => answer;
    const say = talk();
    await say('查一下我的订单');
    expect(saidBy(await say('20261001001'))).toMatch(/查不到订单信息/);
    expect((await say('1')).handover).toMatchObject({
      slots: { orderNumber: '20261001001' },
      skills: ['order'],
    });
  });

  test('a POST is made with a key that stays the same when the turn is planned again', async () => {
    shopSays = () => ({ json: { id: 'R7' } });
    const say = talk();
    await say('我要退货');
    await say('20261001001');
    await say('质量问题');
    expect(saidBy(await say('确认'))).toMatch(/R7/);
    expect(shop.requests[0]).toMatchObject({
      method: 'POST',
      path: '/returns',
      json: { orderNumber: '20261001001', reason: 'faulty' },
    });
  });

  test('set, branch, say and a knowledge answer do what they say', async () => {
    const { flow, messages } = readFlow(`
id: quiz
title: { en: Quiz }
triggers: ['^quiz$']
start: ask
steps:
  ask: { kind: ask, slot: topic, text: { en: What about? }, hint: { en: Say it. }, next: mark }
  mark: { kind: set, slots: { seen: 'yes {topic}' }, next: fork }
  fork: { kind: branch, cases: [{ slot: topic, is: nothing, next: bye }], otherwise: look }
  look: { kind: answer, slot: topic, next: tell }
  tell: { kind: say, text: { en: 'Noted: {seen}.' }, next: bye }
  bye: { kind: end, text: { en: Bye. } }
`);
    expect(messages).toEqual([]);
    const say = talk({ flows: flow ? [flow] : [] });
    await say('quiz');
    const topic = 'delivery takes how many days';
    const answer = retriever.article('en/delivery-time')?.body;
    expect(saidBy(await say(topic))).toContain('Noted: yes');
    await say('quiz');
    expect(saidBy(await say('nothing'))).toBe('Bye.');
    expect(answer).toBeTruthy();
  });
});
