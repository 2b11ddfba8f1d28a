import type { BotPreview, FlowView } from '../../src/contract/knowledge';
import type { TicketView } from '../../src/contract/tickets';
import type { WallView } from '../../src/contract/wall';
import type { ApiClient } from '../support/api-client';
import { startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
let wang: ApiClient;
let li: ApiClient;
beforeAll(async () => {
  journey = await startJourney((config) => {
    // A promise of 60 ms: late before anybody could look.
    config.sla = [
      {
        name: 'standard',
        when: {},
        firstResponseMinutes: 0.001,
        nextResponseMinutes: null,
        resolutionMinutes: null,
        calendar: 'always',
      },
    ];
  });
  [wang, li] = await Promise.all([journey.as('supervisor'), journey.as('li')]);
});
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const preview = async (q: string): Promise<BotPreview> =>
  (await li.get<BotPreview>(`/bot/preview?q=${encodeURIComponent(q)}`)).body;

describe('trying a question', () => {
  test('tells the article that the bot would answer with, and how sure it is', async () => {
    const { decision, matches, thresholds } = await preview('运费怎么算？');
    expect(decision.kind).toBe('answer');
    expect(decision.articleIds).toEqual([matches[0]?.articleId]);
    expect(matches[0]?.confidence).toBeGreaterThanOrEqual(thresholds.answer);
  });

  test('tells the flow that would start, before any article', async () => {
    const { decision } = await preview('我要投诉');
    expect(decision).toMatchObject({ kind: 'runFlow', flow: { id: 'complaint-intake' } });
  });

  test('tells that a person would be called', async () => {
    expect((await preview('转人工')).decision).toMatchObject({
      kind: 'handOver',
      because: 'contact_asked',
    });
  });

  test('starts no conversation', async () => {
    const before = (await wang.conversations()).length;
    await preview('我要投诉');
    expect(await wang.conversations()).toHaveLength(before);
  });

  test('an empty question is a 400', async () => {
    expect((await li.get('/bot/preview?q=')).status).toBe(400);
  });
});

describe('a flow as a picture', () => {
  test('has its words in each language, the words of its options, and what each step asks', async () => {
    const { body } = await li.get<{ items: FlowView[] }>('/flows');
    const flow = body.items.find(({ id }) => id === 'complaint-intake');
    expect(flow?.titles).toMatchObject({ 'zh-CN': '投诉受理', en: 'Complaint' });
    const wanted = flow?.steps.find(({ id }) => id === 'wanted');
    expect(wanted?.texts).toMatchObject({ en: 'What would make it right?' });
    expect(wanted?.next[0]).toMatchObject({ to: 'person', when: 'refund', labels: { en: 'A refund' } });
    expect(wanted?.facts).toContainEqual({ name: 'slot', value: 'wanted' });
  });
});

describe('the wall', () => {
  test('lists a broken promise with its ticket, beside the targets', async () => {
    const phone = journey.sandbox.telegram.customer('acme-telegram', '周迟');
    await phone.sendText('转人工');
    const wall = await wang.until(
      async () => (await wang.get<WallView>('/wall')).body,
      // The number and the list are read one after the other.
      ({ breached, breaches }) => breached > 0 && breaches.length > 0,
    );
    const { body: tickets } = await wang.get<{ items: TicketView[] }>('/tickets');
    expect(wall.breaches[0]).toMatchObject({
      ticketId: tickets.items[0]?.id,
      contact: { name: tickets.items[0]?.requester.name },
      metric: 'first_response',
    });
    expect(wall.breached).toBe(wall.breaches.length);
    expect(wall.targets).toMatchObject({ longestWaitMinutes: 0.001, breached: 0, waiting: 0 });
  });

  test('someone online with room raises how many may wait', async () => {
    await li.call('PUT', '/agents/me/status', { status: 'online' });
    const { targets, agentsFree } = (await wang.get<WallView>('/wall')).body;
    expect(agentsFree).toBe(1);
    expect(targets.waiting).toBeGreaterThan(0);
  });
});
