import type { ConversationDetail } from '../../src/contract/conversations';
import type { MessageView } from '../../src/contract/messages';
import type { ApiClient } from '../support/api-client';
import { isWith, startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
beforeAll(async () => (journey = await startJourney()));
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

interface Refused {
  error: { code: string; message: string; details: { closesAt: string; left: number; needed: number } };
}

/** A WeChat conversation that Li has taken, in which the customer has just written: five replies are free. */
async function claimed(name: string) {
  const phone = journey.sandbox.wechat.customer('acme-wechat', name);
  const li = await journey.as('li');
  await phone.sendText('转人工');
  const items = await li.until(
    () => li.conversations('?status=queued&limit=100'),
    (all) => all.some(isWith(phone)),
  );
  const id = items.find(isWith(phone))?.id ?? '';
  expect((await li.post(`/conversations/${id}/claim`)).status).toBe(200);
  await phone.waitFor(() => true);
  let count = 0;
  const desk = {
    reply: <T = Refused>(text: string) =>
      li.post<T>(`/conversations/${id}/messages`, { text, clientMessageId: `c${++count}` }),
    retry: (messageId: string) => li.post<Refused>(`/conversations/${id}/messages/${messageId}/retry`),
    left: async () => (await conversation(li, id)).replyWindow?.left,
    messages: () => li.messages(id),
    async customerWrites(text: string) {
      await phone.sendText(text);
      await li.until(desk.left, (left) => left === 5);
    },
  };
  await desk.customerWrites('在吗');
  return { phone, li, desk };
}

const conversation = async (who: ApiClient, id: string) =>
  (await who.get<ConversationDetail>(`/conversations/${id}`)).body;

test('a sixth reply is refused before anything is written, with what can be done, and goes when the customer has written', async () => {
  const { phone, li, desk } = await claimed('quota');
  for (let count = 1; count <= 5; count++) expect((await desk.reply(`第${count}条`)).status).toBe(201);
  // The five are promised, whether or not they have gone yet.
  const refused = await desk.reply('第6条');
  expect(refused).toMatchObject({
    status: 409,
    body: { error: { code: 'quota_used', details: { left: 0 } } },
  });
  expect(refused.body.error.message).toMatch(/until the contact writes again/);
  await li.until(desk.left, (left) => left === 0);
  expect((await desk.messages()).some(({ text }) => text === '第6条')).toBe(false);
  expect(phone.received().filter(({ text }) => /^第\d条$/.test(text))).toHaveLength(5);
  await desk.customerWrites('还在吗');
  expect((await desk.reply('第6条')).status).toBe(201);
  await phone.waitFor(({ text }) => text === '第6条');
  await li.until(desk.left, (left) => left === 4);
});

test('every part of a long text counts, and one that needs more than are left is refused with the figures', async () => {
  const { phone, li, desk } = await claimed('long');
  const tooLong = await desk.reply('长'.repeat(4_000));
  expect(tooLong).toMatchObject({
    status: 409,
    body: { error: { code: 'too_long_for_quota', details: { left: 5, needed: 6 } } },
  });
  expect((await desk.reply('两'.repeat(1_000))).status).toBe(201);
  await li.until(desk.left, (left) => left === 3);
  expect(phone.received().filter(({ text }) => /^两+$/.test(text))).toHaveLength(2);
});

test('a window that the platform has closed is closed here too: the reply says why, and the next is refused at once', async () => {
  const { phone, li, desk } = await claimed('late');
  journey.sandbox.control('acme-wechat', { advanceHours: 49 });
  expect((await desk.reply<MessageView>('来晚了')).status).toBe(201);
  const failed = await li.until(desk.messages, (all) => all.some(({ delivery }) => delivery === 'failed'));
  const late = failed.find(({ text }) => text === '来晚了');
  expect(late).toMatchObject({
    delivery: 'failed',
    deliveryError: { class: 'window', platformCode: '45015' },
  });
  const refused = { status: 409, body: { error: { code: 'window_closed' } } };
  expect(await desk.reply('再试一次')).toMatchObject(refused);
  expect(await desk.retry(late?.id ?? '')).toMatchObject(refused);
  await desk.customerWrites('我回来了');
  expect((await desk.retry(late?.id ?? '')).status).toBe(200);
  await phone.waitFor(({ text }) => text === '来晚了');
});

test('more messages than Telegram takes at once wait, and all arrive in order', async () => {
  const phone = journey.sandbox.telegram.customer('acme-telegram', 'paced');
  const li = await journey.as('li');
  await phone.sendText('I want to talk to a human');
  const items = await li.until(
    () => li.conversations('?status=queued&limit=100'),
    (all) => all.some(isWith(phone)),
  );
  const id = items.find(isWith(phone))?.id ?? '';
  await li.post(`/conversations/${id}/claim`);
  const texts = ['one', 'two', 'three', 'four', 'five'];
  for (const text of texts)
    expect((await li.post(`/conversations/${id}/messages`, { text, clientMessageId: text })).status).toBe(
      201,
    );
  await phone.waitFor(({ text }) => text === 'five', 15_000);
  const arrived = phone.received().map(({ text }) => text);
  expect(arrived.filter((text) => texts.includes(text))).toEqual(texts);
  await li.until(
    () => li.messages(id),
    (all) => all.filter(({ delivery }) => delivery === 'sent').length === 6,
  );
});
