import { isWith, startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';
import { until } from '../support/until';

let journey: Journey;
beforeAll(async () => (journey = await startJourney()));
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

/** A conversation that Li has taken, and the phone it is with. */
async function claimed(type: 'wechat' | 'telegram', accountId: string, name: string) {
  const phone = journey.sandbox[type].customer(accountId, name);
  const li = await journey.as('li');
  await phone.sendText('转人工');
  const items = await li.until(
    () => li.conversations('?status=queued&limit=100'),
    (all) => all.some(isWith(phone)),
  );
  const id = items.find(isWith(phone))?.id ?? '';
  expect((await li.post(`/conversations/${id}/claim`)).status).toBe(200);
  await phone.waitFor(() => true);
  return { phone, li, id };
}

const sendsOf = (text: string) =>
  journey.sandbox.requests().filter((request) => JSON.stringify(request).includes(text)).length;

test('a platform that fails and recovers gets the message once', async () => {
  const { phone, li, id } = await claimed('telegram', 'acme-telegram', 'down then up');
  journey.sandbox.control('acme-telegram', { fail: { count: 2, status: 500 } });
  await li.post(`/conversations/${id}/messages`, { text: 'after the storm', clientMessageId: 's1' });
  await phone.waitFor((message) => message.text === 'after the storm', 15_000);
  expect(phone.received().filter((message) => message.text === 'after the storm')).toHaveLength(1);
});

test('a platform that asks to wait is not called before that', async () => {
  const { phone, li, id } = await claimed('telegram', 'acme-telegram', 'too many');
  journey.sandbox.control('acme-telegram', { fail: { count: 1, status: 429, retryAfterSeconds: 1 } });
  await li.post(`/conversations/${id}/messages`, { text: 'patience', clientMessageId: 's2' });
  await phone.waitFor((message) => message.text === 'patience', 15_000);
  expect(sendsOf('patience')).toBe(2);
});

test('an answer that is lost leaves the message unknown, never sent twice by itself', async () => {
  const { phone, li, id } = await claimed('telegram', 'acme-telegram', 'lost answer');
  journey.sandbox.control('acme-telegram', { dropAnswers: 1 });
  await li.post(`/conversations/${id}/messages`, { text: 'did it arrive?', clientMessageId: 's3' });
  const messages = await li.until(
    () => li.messages(id),
    (all) => all.some((message) => message.delivery === 'unknown'),
    15_000,
  );
  const unknown = messages.find((message) => message.delivery === 'unknown');
  expect(unknown?.text).toBe('did it arrive?');
  expect(phone.received().filter((message) => message.text === 'did it arrive?')).toHaveLength(1);
  const again = await li.post(`/conversations/${id}/messages/${unknown?.id}/retry`);
  expect(again.status).toBe(200);
  await li.until(
    () => li.messages(id),
    (all) => all.some((message) => message.id === unknown?.id && message.delivery === 'sent'),
  );
});

test('a message that is sent again and lost again is told of again', async () => {
  const { li, id } = await claimed('telegram', 'acme-telegram', 'lost twice');
  const console = li.console();
  await console.waitFor('ready');
  const ticks = () =>
    console.events.flatMap((event) =>
      event.type === 'message:updated' && event.data.message.text === 'and now?'
        ? [event.data.message.delivery]
        : [],
    );
  journey.sandbox.control('acme-telegram', { dropAnswers: 2 });
  const { body } = await li.post<{ id: string }>(`/conversations/${id}/messages`, {
    text: 'and now?',
    clientMessageId: 's5',
  });
  await until(ticks, (told) => told.join() === 'unknown');
  expect((await li.post(`/conversations/${id}/messages/${body.id}/retry`)).status).toBe(200);
  await until(ticks, (told) => told.join() === 'unknown,pending,unknown');
  console.close();
});

test('an access token that is refused is renewed once and the message arrives', async () => {
  const { phone, li, id } = await claimed('wechat', 'acme-wechat', 'stale token');
  journey.sandbox.control('acme-wechat', { expireToken: true });
  await li.post(`/conversations/${id}/messages`, { text: '新的令牌', clientMessageId: 's4' });
  await phone.waitFor((message) => message.text === '新的令牌');
});

test('a platform that redelivers because we were away gets one answer', async () => {
  const phone = journey.sandbox.telegram.customer('acme-telegram', 'redelivered');
  journey.sandbox.control('acme-telegram', { deliveries: 5, atOnce: true });
  await phone.sendText('how long until my order ships?');
  await phone.waitFor((message) => /ship/i.test(message.text));
  journey.sandbox.control('acme-telegram', { deliveries: 1, atOnce: false });
  const admin = await journey.as('admin');
  const [conversation] = (await admin.conversations('?limit=100')).filter(isWith(phone));
  const messages = await admin.messages(conversation?.id ?? '');
  expect(messages.map((message) => message.author)).toEqual(['contact', 'bot']);
});

test('a flow goes on where it waited when the server was stopped and started', async () => {
  const phone = journey.sandbox.wechat.customer('acme-wechat', 'interrupted');
  await phone.sendText('查询订单状态');
  await phone.waitFor((message) => /订单号/.test(message.text));
  await journey.restart();
  await phone.sendText('20261001001');
  await phone.waitFor((message) => /20261001001/.test(message.text));
});
