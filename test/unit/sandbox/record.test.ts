import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Bench, postJson, startBench, telegramAccount } from './parley-stand-in';

describe('what the sandbox keeps', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench();
  });
  afterEach(() => bench.close());

  it('records both directions with bodies, verdict and answer, in memory and on disk', async () => {
    await bench.sandbox.telegram.customer('tg', 'Emma Lopez').sendText('hi');
    await postJson(`${bench.sandbox.url}/telegram/bot${telegramAccount.configuration.botToken}/sendMessage`, {
      chat_id: 1,
      text: 'x',
    });
    const [webhook, api] = bench.sandbox.requests();
    expect(webhook).toMatchObject({
      direction: 'webhook',
      accountId: 'tg',
      status: 200,
      response: 'success',
    });
    expect(webhook!.verdict).toEqual({ ok: true, reason: 'accepted' });
    expect(api).toMatchObject({
      direction: 'api',
      accountId: 'tg',
      status: 400,
      body: '{"chat_id":1,"text":"x"}',
    });
    expect(api!.verdict).toEqual({ ok: false, reason: '400 Bad Request: chat not found' });
    const lines = (await readFile(path.join(bench.dataDir, 'sandbox', 'requests.jsonl'), 'utf8'))
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([webhook, api]);
  });

  it('keeps the phones over a restart, and never uses a platform id twice', async () => {
    const lin = bench.sandbox.wechat.customer('wx', '新顾客');
    await lin.sendText('第一');
    await bench.sandbox.close();
    const second = await bench.restart();
    try {
      const again = second.wechat.customer('wx', '新顾客');
      expect(again.customer.messages).toEqual(lin.customer.messages);
      expect(again.customer.platformId).toBe(lin.customer.platformId);
      await again.sendText('第二');
      const ids = again.customer.messages.map(({ platformId }) => platformId);
      expect(new Set(ids).size).toBe(2);
    } finally {
      await second.close();
    }
  });

  it('keeps the newest 200 messages of a phone', async () => {
    const emma = bench.sandbox.telegram.customer('tg', 'Emma Lopez');
    for (let count = 1; count <= 201; count += 1) await emma.sendText(`${count}`);
    expect(emma.customer.messages).toHaveLength(200);
    expect(emma.customer.messages[0]!.text).toBe('2');
  });

  it('waits for a message that a phone has not got yet, and says what it shows when none comes', async () => {
    const emma = bench.sandbox.telegram.customer('tg', 'Emma Lopez');
    await emma.sendText('hi');
    const awaited = emma.waitFor(({ text }) => text === 'hello');
    await postJson(`${bench.sandbox.url}/telegram/bot${telegramAccount.configuration.botToken}/sendMessage`, {
      chat_id: emma.customer.platformId,
      text: 'hello',
    });
    expect(await awaited).toMatchObject({ from: 'account', text: 'hello' });
    await expect(emma.waitFor(({ text }) => text === 'never', 10)).rejects.toThrow('account: hello');
  });
});
