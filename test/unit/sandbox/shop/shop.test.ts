import { type Bench, startBench } from '../parley-stand-in';

describe("the shop's order API", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench();
  });
  afterEach(() => bench.close());

  const get = async (path: string) => {
    const response = await fetch(`${bench.sandbox.url}${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const requestReturn = async (body: object, key?: string) => {
    const response = await fetch(`${bench.sandbox.url}/returns`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('knows an order by number and by phone', async () => {
    expect((await get('/orders/20261001001')).body).toMatchObject({
      number: '20261001001',
      status: 'shipped',
      statusText: { en: 'on its way' },
      carrier: '顺丰速运',
      trackingNumber: 'SF1390028845621',
      total: 599,
    });
    expect((await get('/orders?phone=13800138000')).body['items']).toHaveLength(2);
    expect(await get('/orders/1')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    expect((await get('/orders')).status).toBe(400);
  });

  it('creates one return for one idempotency key, across a restart', async () => {
    const wish = { orderNumber: '20261001003', reason: '不喜欢' };
    const first = await requestReturn(wish, 'key-1');
    expect(first).toMatchObject({ status: 201, body: { status: 'requested', ...wish } });
    expect(await requestReturn(wish, 'key-1')).toEqual({ status: 200, body: first.body });
    expect((await requestReturn(wish, 'key-2')).body['id']).not.toBe(first.body['id']);
    expect((await get(`/returns/${String(first.body['id'])}`)).body).toEqual(first.body);

    const second = await bench.restart();
    const again = await fetch(`${second.url}/returns/${String(first.body['id'])}`);
    expect(again.status).toBe(200);
    await second.close();
  });

  it.each([
    [{ orderNumber: '20261001004', reason: 'x' }, 409, 'not_returnable'],
    [{ orderNumber: '1', reason: 'x' }, 404, 'not_found'],
    [{ orderNumber: '20261001003' }, 400, 'invalid_input'],
  ])('refuses to take back %j', async (wish, status, code) => {
    expect(await requestReturn(wish)).toMatchObject({ status, body: { error: { code } } });
  });

  it('fails on order like the platforms, and is recorded', async () => {
    bench.sandbox.control('shop', { fail: { count: 1, status: 500 } });
    expect((await get('/orders/20261001001')).status).toBe(500);
    expect((await get('/orders/20261001001')).status).toBe(200);
    expect(bench.sandbox.requests().map(({ accountId, url }) => [accountId, url])).toEqual([
      ['shop', '/orders/20261001001'],
      ['shop', '/orders/20261001001'],
    ]);
  });
});
