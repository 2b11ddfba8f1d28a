import { type Answer, type Bench, postJson, startBench, wechatAccount } from '../parley-stand-in';

const { appId, appSecret } = wechatAccount.configuration;

describe('the double of the WeChat API', () => {
  let bench: Bench;
  let base: string;
  let openid: string;
  beforeEach(async () => {
    bench = await startBench();
    base = `${bench.sandbox.url}/wechat/cgi-bin`;
    openid = bench.sandbox.wechat.customer('wx', '陈晓琳').customer.platformId;
  });
  afterEach(() => bench.close());

  const stableToken = (extra: object = {}) =>
    postJson(`${base}/stable_token`, {
      grant_type: 'client_credential',
      appid: appId,
      secret: appSecret,
      ...extra,
    });
  const token = async () => (await stableToken()).body.access_token!;
  const send = async (message: object | string, accessToken?: string) => {
    const url = `${base}/message/custom/send?access_token=${accessToken ?? (await token())}`;
    return (await postJson(url, message)).body.errcode;
  };
  const text = (content: string) => ({ touser: openid, msgtype: 'text', text: { content } });
  const write = () => bench.sandbox.wechat.customer('wx', '陈晓琳').sendText('在吗');

  it('gives the same stable token while it is good', async () => {
    const first = await stableToken();
    expect(first.body).toMatchObject({ expires_in: 7200 });
    expect((await stableToken()).body.access_token).toBe(first.body.access_token);
  });

  it.each([
    ['an unknown appid', { appid: 'wx0' }, 40013],
    ['a wrong secret', { secret: 'x' }, 40125],
  ])('refuses %s', async (_what, wrong, code) => {
    expect((await stableToken(wrong)).body.errcode).toBe(code);
  });

  it('kills the token before at a forced refresh, and says expired after two hours', async () => {
    await write();
    const before = await token();
    const { access_token: after } = (await stableToken({ force_refresh: true })).body;
    expect(await send(text('1'), before)).toBe(40001);
    expect(await send(text('2'), after)).toBe(0);
    bench.clock.at += 7_200_000;
    expect(await send(text('3'), after)).toBe(42001);
  });

  it('allows 20 forced refreshes a day', async () => {
    for (let count = 0; count < 20; count += 1) await stableToken({ force_refresh: true });
    expect((await stableToken({ force_refresh: true })).body.errcode).toBe(45009);
  });

  it('lets five messages through after a customer wrote, not the sixth', async () => {
    expect(await send(text('zu früh'))).toBe(45015);
    await write();
    const codes = [];
    for (let count = 0; count < 6; count += 1) codes.push(await send(text(`${count}`)));
    expect(codes).toEqual([0, 0, 0, 0, 0, 45047]);
    const lin = bench.sandbox.wechat.customer('wx', '陈晓琳');
    expect(lin.received().map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4']);
  });

  it('closes the window 48 hours after the message and one minute after a menu click', async () => {
    await write();
    bench.clock.at += 48 * 3_600_000;
    expect(await send(text('late'))).toBe(45015);
    await bench.sandbox.wechat.customer('wx', '陈晓琳').do({ kind: 'menu', key: 'ORDERS' });
    expect(await send(text('in time'))).toBe(0);
    bench.clock.at += 60_000;
    expect(await send(text('late again'))).toBe(45015);
  });

  it('closes the window when the controls let 49 hours pass', async () => {
    await write();
    bench.sandbox.control('wx', { advanceHours: 49 });
    expect(await send(text('late'))).toBe(45015);
    await write();
    expect(await send(text('open again'))).toBe(0);
  });

  it('opens no window for what an impostor wrote', async () => {
    bench.standIn.answerNext({ status: 403, body: '' });
    bench.sandbox.control('wx', { badSignatures: 1 });
    expect(await write()).toMatchObject({ delivered: false, attempts: 1 });
    expect(await send(text('x'))).toBe(45015);
  });

  it.each([
    ['no JSON', () => '{', 47001],
    ['escaped characters', () => `{"touser":"x","msgtype":"text","text":{"content":"\\u4f60"}}`, 40033],
    ['a stranger', () => ({ ...text('x'), touser: 'oStranger' }), 40003],
    ['an unknown type', () => ({ touser: openid, msgtype: 'hologram' }), 40008],
    ['nothing to say', () => text(''), 44004],
    ['683 Chinese characters (2,049 bytes)', () => text('字'.repeat(683)), 45002],
    ['an unknown file', () => ({ touser: openid, msgtype: 'image', image: { media_id: 'x' } }), 40007],
  ])('refuses %s', async (_what, message, code) => {
    await write();
    expect(await send(message())).toBe(code);
    expect(bench.sandbox.wechat.customer('wx', '陈晓琳').received()).toEqual([]);
  });

  it('takes 2,048 bytes', async () => {
    await write();
    expect(await send(text('字'.repeat(682) + 'ab'))).toBe(0);
  });

  it('sends nothing to who no longer follows', async () => {
    await bench.sandbox.wechat.customer('wx', '陈晓琳').do({ kind: 'unsubscribe' });
    expect(await send(text('x'))).toBe(43004);
  });

  it('shows a menu whose press comes back as text with its id', async () => {
    await write();
    const list = [
      { id: '101', content: '满意' },
      { id: '102', content: '不满意' },
    ];
    await send({
      touser: openid,
      msgtype: 'msgmenu',
      msgmenu: { head_content: '满意吗？', list, tail_content: '' },
    });
    const lin = bench.sandbox.wechat.customer('wx', '陈晓琳');
    expect(lin.received()[0]).toMatchObject({
      text: '满意吗？',
      buttons: [{ label: '满意', data: '101' }, {}],
    });
    await lin.press('102');
    const { body } = bench.standIn.webhooks[1]!;
    expect(body).toContain('<Content><![CDATA[不满意]]></Content>');
    expect(body).toContain('<bizmsgmenuid><![CDATA[102]]></bizmsgmenuid>');
  });

  it('keeps an uploaded picture, sends it and gives it back', async () => {
    await write();
    const accessToken = await token();
    const form = new FormData();
    const bytes = Buffer.from('89504e470d0a1a0a00', 'hex');
    form.append('media', new Blob([bytes], { type: 'image/png' }), 'lamp.png');
    const uploaded = await fetch(`${base}/media/upload?access_token=${accessToken}&type=image`, {
      method: 'POST',
      body: form,
    });
    const { media_id } = (await uploaded.json()) as { media_id: string };
    expect(await send({ touser: openid, msgtype: 'image', image: { media_id } })).toBe(0);
    const got = await fetch(`${base}/media/get?access_token=${accessToken}&media_id=${media_id}`);
    expect(got.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await got.arrayBuffer())).toEqual(bytes);
  });

  it('knows its followers and shows that somebody types', async () => {
    const accessToken = await token();
    const info = await fetch(`${base}/user/info?access_token=${accessToken}&openid=${openid}`);
    expect(await info.json()).toMatchObject({ subscribe: 1, openid, nickname: '陈晓琳' });
    const url = `${base}/message/custom/typing?access_token=${accessToken}`;
    const typed = await postJson(url, { touser: openid, command: 'Typing' });
    expect(typed.body).toEqual<Answer>({ errcode: 0, errmsg: 'ok' });
  });
});
