import type { SandboxState } from '../../../../src/sandbox/control/state';
import { type Bench, startBench } from '../parley-stand-in';

describe('the control API of the sandbox', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench();
  });
  afterEach(() => bench.close());

  const api = (path: string) => `${bench.sandbox.url}/sandbox/api${path}`;
  const post = (path: string, body: unknown) =>
    fetch(api(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const state = async () => (await (await fetch(api('/state'))).json()) as SandboxState;
  const firstOf = async (accountId: string) =>
    (await state()).accounts.find(({ id }) => id === accountId)!.customers[0]!;

  it('shows accounts with several customers each, and the reply window of who wrote', async () => {
    const { id } = await firstOf('wx');
    expect((await post(`/customers/${id}/send`, { kind: 'text', text: '在吗' })).status).toBe(200);
    const { accounts } = await state();
    expect(accounts.map(({ customers }) => customers.length)).toEqual([3, 3, 3]);
    const [lin, other] = accounts[0]!.customers;
    expect(lin!.window).toEqual({ closesAt: '2026-10-10T03:00:00.000Z', left: 5 });
    expect(lin!.messages).toMatchObject([{ from: 'customer', text: '在吗', delivery: 'delivered' }]);
    expect(other!.window).toBeNull();
  });

  it.each([
    ['/customers/cu_0/send', { kind: 'text', text: 'x' }, 404],
    ['/controls/nobody', {}, 404],
    ['/controls/wx', { slowMs: 1e9 }, 400],
    ['/controls/wx', { sideways: true }, 400],
    ['/scenarios/rush', { customers: 1_000 }, 400],
    ['/nothing', {}, 404],
  ])('refuses POST %s %j', async (path, body, status) => {
    expect((await post(path, body)).status).toBe(status);
  });

  it('refuses what the phone cannot do, and what no page of ours could send across origins', async () => {
    const { id } = await firstOf('wx');
    expect((await post(`/customers/${id}/send`, { kind: 'block' })).status).toBe(400);
    const form = await fetch(api('/reset'), { method: 'POST', body: '{}' });
    expect(form.status).toBe(400);
  });

  it('tells requests after a number', async () => {
    const { id } = await firstOf('tg');
    for (const text of ['a', 'b']) await post(`/customers/${id}/send`, { kind: 'text', text });
    const page = (await (await fetch(api('/requests?after=1'))).json()) as { items: { seq: number }[] };
    expect(page.items.map(({ seq }) => seq)).toEqual([2]);
  });

  it('streams what happens', async () => {
    const { id } = await firstOf('tg');
    const stream = await fetch(api('/stream'));
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    await post(`/customers/${id}/send`, { kind: 'text', text: 'streamed' });
    let seen = '';
    while (!seen.includes('event: request')) seen += (await reader.read()).value ?? '';
    expect(seen).toContain('event: message');
    expect(seen).toContain('"text":"streamed"');
    await reader.cancel();
  });

  it('starts a rush, and only one at a time', async () => {
    const answer = await post('/scenarios/rush', { customers: 12, seconds: 60 });
    expect([answer.status, await answer.json()]).toEqual([202, { customers: 12 }]);
    const { accounts } = await state();
    expect(accounts.reduce((sum, { customers }) => sum + customers.length, 0)).toBe(9 + 12);
    expect((await post('/scenarios/rush', {})).status).toBe(409);
    await post('/reset', {});
    expect((await post('/scenarios/rush', { seconds: 60 })).status).toBe(202);
  });

  it('resets phones, controls and record', async () => {
    const { id } = await firstOf('wx');
    bench.sandbox.control('wx', { offline: true });
    bench.sandbox.control('wx', { offline: false, slowMs: 5 });
    await post(`/customers/${id}/send`, { kind: 'text', text: '在吗' });
    expect((await post('/reset', {})).status).toBe(204);
    expect((await firstOf('wx')).messages).toEqual([]);
    expect((await state()).accounts[0]!.controls.slowMs).toBe(0);
    expect(bench.sandbox.requests()).toEqual([]);
  });
});
