import type { ConversationCounts } from '../../src/contract/conversations';
import { isWith, startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
beforeAll(async () => (journey = await startJourney()));
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

test('the counts of the views follow a conversation from the bot to the queue, an agent and its end', async () => {
  const li = await journey.as('li');
  const counts = async () => (await li.get<ConversationCounts>('/conversations/counts')).body;
  expect(await counts()).toEqual({ mine: 0, queued: 0, bot: 0, snoozed: 0, unclosed: 0 });

  const phone = journey.sandbox.wechat.customer('acme-wechat', 'is counted');
  await phone.sendText('转人工');
  await li.until(counts, ({ queued, unclosed }) => queued === 1 && unclosed === 1);
  const id = (await li.conversations('?closed=false')).find(isWith(phone))?.id;

  await li.post(`/conversations/${id}/claim`);
  expect(await counts()).toMatchObject({ mine: 1, queued: 0 });
  await li.post(`/conversations/${id}/snooze`, { until: new Date(Date.now() + 3_600_000).toISOString() });
  expect(await counts()).toMatchObject({ mine: 0, snoozed: 1, unclosed: 1 });

  await li.post(`/conversations/${id}/close`);
  expect(await counts()).toEqual({ mine: 0, queued: 0, bot: 0, snoozed: 0, unclosed: 0 });
  expect((await li.conversations('?closed=false')).find(isWith(phone))).toBeUndefined();
  expect((await li.conversations('?closed=true')).find(isWith(phone))).toBeDefined();
});
