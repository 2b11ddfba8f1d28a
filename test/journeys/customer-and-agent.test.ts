import type { ConversationDetail, ConversationView } from '../../src/contract/conversations';
import type { MessageView } from '../../src/contract/messages';
import type { TicketEventView } from '../../src/contract/tickets';
import { isWith, startJourney, type Journey } from '../support/journey';
import { closeStore } from '../support/store';

let journey: Journey;
beforeAll(async () => (journey = await startJourney()));
afterAll(async () => {
  await journey.stop();
  await closeStore();
});

const phones = [
  ['WeChat in safe mode', 'wechat', 'acme-wechat'],
  ['WeChat in plain mode', 'wechat', 'acme-wechat-plain'],
  ['Telegram', 'telegram', 'acme-telegram'],
] as const;

describe.each(phones)('on %s', (_title, type, accountId) => {
  const customer = (name: string) =>
    journey.sandbox[type].customer(accountId, `${name} ${type} ${accountId}`);

  test.each([
    ['zh-CN', '请问多久能发货', /发货/],
    ['zh-TW', '請問多久可以發貨', /发货|發貨/],
    ['en', 'how long until my order ships?', /ship/i],
  ])('a question in %s gets its answer from the knowledge base', async (language, question, answer) => {
    const phone = customer(`asks in ${language}`);
    await phone.sendText(question);
    const reply = await phone.waitFor((message) => answer.test(message.text));
    expect(reply.from).toBe('account');
  });

  test('a customer asks for a person, is told what happens, and is answered by exactly one agent', async () => {
    const phone = customer('wants a person');
    const [li, han] = [await journey.as('li'), await journey.as('han')];
    await phone.sendText('我要退货，东西坏了');
    await phone.sendText('转人工');
    const items = await li.until(
      () => li.conversations('?status=queued&limit=100'),
      (found) => found.some(isWith(phone)),
    );
    const queued = items.find(isWith(phone));
    expect(queued).toMatchObject({
      handover: { reason: 'contact_asked' },
      ticket: { number: expect.any(Number) },
    });
    const id = queued?.id ?? '';

    const before = phone.received().length;
    await phone.sendText('有人在吗');
    await li.until(
      () => li.messages(id),
      (messages) => messages.some((message) => message.text === '有人在吗'),
    );
    expect(phone.received()).toHaveLength(before);

    const claims = await Promise.all([li, han].map((agent) => agent.post(`/conversations/${id}/claim`)));
    expect(claims.map((claim) => claim.status).sort()).toEqual([200, 409]);
    const winner = claims[0]?.status === 200 ? li : han;
    const loser = winner === li ? han : li;
    expect(claims.find((claim) => claim.status === 409)?.body).toMatchObject({
      error: {
        code: 'already_claimed',
        details: { owner: { id: winner.agent.id, name: winner.agent.name } },
      },
    });
    expect((await winner.post(`/conversations/${id}/claim`)).status).toBe(200);
    expect(
      (await loser.post(`/conversations/${id}/messages`, { text: 'x', clientMessageId: 'x' })).status,
    ).toBe(403);

    const reply = { text: '您好，我来帮您处理', clientMessageId: `reply-${accountId}` };
    const twice = await Promise.all(
      [1, 2].map(() => winner.post<MessageView>(`/conversations/${id}/messages`, reply)),
    );
    expect(twice.map((answer) => answer.status).sort()).toEqual([200, 201]);
    expect(twice[0]?.body.id).toBe(twice[1]?.body.id);
    await phone.waitFor((message) => message.text === reply.text);
    const other = await winner.post(`/conversations/${id}/messages`, { ...reply, text: 'something else' });
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'idempotency_conflict' } } });
    const sent = await winner.until(
      () => winner.messages(id),
      (messages) => messages.some((message) => message.text === reply.text && message.delivery === 'sent'),
    );
    expect(sent.map((message) => message.seq)).toEqual(
      [...sent.map((message) => message.seq)].sort((a, b) => a - b),
    );
    expect(phone.received().filter((message) => message.text === reply.text)).toHaveLength(1);

    expect((await winner.post<ConversationView>(`/conversations/${id}/close`)).body).toMatchObject({
      status: 'closed',
    });
    const ticketId = queued?.ticket?.id ?? '';
    expect((await winner.get(`/tickets/${ticketId}`)).body).toMatchObject({ status: 'solved' });
    const history = (await winner.get<{ items: TicketEventView[] }>(`/tickets/${ticketId}/history`)).body
      .items;
    expect(history.length).toBeGreaterThanOrEqual(3);

    await phone.sendText('how long until my order ships?');
    await phone.waitFor((message) => /ship/i.test(message.text));
    const next = (await winner.conversations(`?contact=${queued?.contact.id}&status=bot`))[0];
    expect(next?.id).not.toBe(id);
    expect(next?.previousId).toBe(id);
  });

  test('two questions that the bot does not understand lead to a person, with what was tried', async () => {
    const phone = customer('is not understood');
    const li = await journey.as('li');
    await phone.sendText('qwertz zuiop asdfgh');
    await phone.waitFor(() => true);
    await phone.sendText('yxcvbn mlkjh gfdsa');
    const items = await li.until(
      () => li.conversations('?status=queued&limit=100'),
      (all) => all.some(isWith(phone)),
    );
    const queued = items.find(isWith(phone));
    expect(queued?.handover?.reason).toBe('not_understood');
    const detail = (await li.get<ConversationDetail>(`/conversations/${queued?.id}`)).body;
    expect(detail.queuePosition).toBeGreaterThanOrEqual(1);
  });

  test('a flow asks for the order number and answers from the order API', async () => {
    const phone = customer('asks for an order');
    await phone.sendText('查询订单状态');
    await phone.waitFor((message) => /订单号/.test(message.text));
    await phone.sendText('20261001001');
    await phone.waitFor((message) => /20261001001/.test(message.text));
  });
});
