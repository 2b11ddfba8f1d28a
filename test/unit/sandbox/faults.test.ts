import { type Bench, postJson, startBench, telegramAccount } from './parley-stand-in';

const { botToken, secretToken } = telegramAccount.configuration;

describe('the controls of a platform', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench();
    await emma().do({ kind: 'start' });
  });
  afterEach(() => bench.close());

  const emma = () => bench.sandbox.telegram.customer('tg', 'Emma Lopez');
  const call = (method: string, body: object = {}) =>
    postJson(`${bench.sandbox.url}/telegram/bot${botToken}/${method}`, {
      chat_id: Number(emma().customer.platformId),
      ...body,
    });

  it('fail the next sends with 429 and the wait, and no other call', async () => {
    bench.sandbox.control('tg', { fail: { count: 1, status: 429, retryAfterSeconds: 7 } });
    expect((await call('sendChatAction', { action: 'typing' })).status).toBe(200);
    const refused = await call('sendMessage', { text: 'a' });
    expect(refused.body).toMatchObject({ error_code: 429, parameters: { retry_after: 7 } });
    expect(refused.headers.get('retry-after')).toBe('7');
    expect((await call('sendMessage', { text: 'a' })).status).toBe(200);
    expect(emma().received()).toHaveLength(1);
  });

  it('fail the next sends with 500', async () => {
    bench.sandbox.control('tg', { fail: { count: 1, status: 500 } });
    expect((await call('sendMessage', { text: 'a' })).status).toBe(500);
  });

  it('drop the answer to a send that was carried out', async () => {
    bench.sandbox.control('tg', { dropAnswers: 1 });
    await expect(call('sendMessage', { text: 'a' })).rejects.toThrow();
    expect(emma().received()).toHaveLength(1);
    expect(bench.sandbox.requests().at(-1)).toMatchObject({
      status: null,
      verdict: { reason: 'answer dropped' },
    });
  });

  it('take the platform off line: calls break, and what customers write waits', async () => {
    bench.sandbox.control('tg', { offline: true });
    await expect(call('getMe')).rejects.toThrow();
    const written = emma().sendText('are you there?');
    expect(bench.standIn.webhooks).toHaveLength(1);
    bench.sandbox.control('tg', { offline: false });
    expect(await written).toMatchObject({ delivered: true });
    expect(bench.standIn.webhooks).toHaveLength(2);
  });

  it('hold every answer of that platform back, and of no other', async () => {
    bench.sandbox.control('tg', { slowMs: 500 });
    const slow = call('getMe');
    await fetch(`${bench.sandbox.url}/orders/20261001001`);
    expect((await slow).status).toBe(200);
    expect(bench.sandbox.requests().map(({ accountId }) => accountId)).toEqual(['tg', 'shop', 'tg']);
  });

  it.each([true, false])('deliver the same bytes five times (at once: %s)', async (atOnce) => {
    bench.sandbox.control('tg', { deliveries: 5, atOnce });
    const report = await emma().sendText('hi');
    expect(report.attempts).toBe(5);
    const bodies = bench.standIn.webhooks.slice(1).map(({ body }) => body);
    expect(bodies).toHaveLength(5);
    expect(new Set(bodies).size).toBe(1);
  });

  it('let an impostor write once, who does not know the secret and does not try again', async () => {
    bench.standIn.answerNext({ status: 401, body: '' });
    bench.sandbox.control('tg', { badSignatures: 1 });
    const report = await emma().sendText('hi');
    expect(report).toMatchObject({ delivered: false, attempts: 1, status: 401 });
    const secrets = bench.standIn.webhooks.map(({ headers }) => headers['x-telegram-bot-api-secret-token']);
    expect(secrets).toHaveLength(2);
    expect(secrets[1]).not.toBe(secretToken);
    expect(await emma().sendText('it is me')).toMatchObject({ delivered: true });
  });
});
