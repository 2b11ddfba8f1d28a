import type { Locator, Page } from 'playwright-core';
import { until } from '../support/until';
import { violationsOf } from './support/axe';
import { describeInBrowser } from './support/chromium';
import { desktop, phone as phoneLook, tablet, themesAndLanguages } from './support/looks';
import { widthOf } from './support/measure';
import { picture } from './support/picture';
import { Stage } from './support/stage';

describeInBrowser('The sandbox page', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()), 60_000);
  afterAll(() => stage.strike());
  afterEach(async () => {
    const complaints = await stage.clear();
    await stage.phones.reset();
    expect(complaints).toEqual([]);
  });

  const open = async (look = {}): Promise<Page> => {
    const page = await stage.page(await stage.visitor(look), '/sandbox');
    await page.getByText('Acme Bot').first().waitFor();
    return page;
  };
  const wechat = (page: Page): Locator => page.locator('[data-account=acme-wechat]');
  const say = async (stand: Locator, text: string) => {
    await stand.getByRole('textbox').fill(text);
    await stand.getByRole('textbox').press('Enter');
  };
  const entries = (page: Page): Locator => page.getByRole('region', { name: '请求检查器' }).locator('li');

  test('a question on a phone is answered there, and both requests can be inspected and repeated', async () => {
    const page = await open();
    await say(wechat(page), '退款多久到账？');
    await wechat(page)
      .getByText(/工作日/)
      .first()
      .waitFor();
    const webhook = entries(page).filter({ hasText: 'POST /webhooks/acme-wechat' }).first();
    await expect(webhook.innerText()).resolves.toMatch(/^200/);
    await entries(page).filter({ hasText: '/cgi-bin/message/custom/send' }).first().waitFor();
    await webhook.getByRole('button').click();
    await webhook.getByText('<xml>').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await webhook.getByRole('button', { name: '复制为 curl' }).click();
    await webhook.getByText('已复制').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toMatch(/^curl -X POST 'http:\/\/127\.0\.0\.1:\d+\/webhooks\/acme-wechat\?signature=/);
    await picture(page, 'sandbox-answered');
  });

  test('a picture is answered in the language that its sender speaks', async () => {
    const page = await open();
    await say(wechat(page), '退款多久到账？');
    await wechat(page)
      .getByText(/工作日/)
      .first()
      .waitFor();
    await wechat(page).getByRole('button', { name: '图片' }).click();
    await wechat(page).getByText('我暂时看不懂这类内容').waitFor();
    await wechat(page).getByRole('img', { name: '图片' }).waitFor();
  });

  test('an impostor without the secret is refused, and nobody at the desk sees the message', async () => {
    const page = await open();
    const before = (await (await stage.as('supervisor')).conversations()).length;
    await wechat(page).getByRole('button', { name: '坏签名' }).click();
    await entries(page).filter({ hasText: '被拒绝：403' }).first().waitFor();
    await wechat(page).getByRole('img', { name: '未送达' }).waitFor();
    const after = await (await stage.as('supervisor')).conversations();
    expect(after).toHaveLength(before);
    expect(after.some(({ lastMessage }) => lastMessage?.text.includes('冒充者'))).toBe(false);
  });

  test('a webhook delivered five times at once is one question and one answer', async () => {
    const page = await open();
    await wechat(page).getByRole('button', { name: '重复投递 ×5' }).click();
    await say(wechat(page), '怎么开发票？');
    await wechat(page)
      .getByText(/电子发票/)
      .first()
      .waitFor();
    await until(
      () => entries(page).filter({ hasText: '/webhooks/acme-wechat' }).count(),
      (count) => count >= 5,
    );
    const answers = await stage.phones.of('acme-wechat', '陈晓琳').received();
    expect(answers).toHaveLength(1);
  });

  test.each([
    ['429', 429],
    ['500', 500],
  ])('a send that the platform fails with %s is tried again and arrives once', async (button, status) => {
    const page = await open();
    await wechat(page).getByRole('button', { name: button, exact: true }).click();
    await wechat(page).locator('button[aria-pressed=true]').waitFor();
    await say(wechat(page), '怎么开发票？');
    await entries(page)
      .filter({ hasText: String(status) })
      .first()
      .waitFor();
    await wechat(page)
      .getByText(/电子发票/)
      .first()
      .waitFor();
    expect(await stage.phones.of('acme-wechat', '陈晓琳').received()).toHaveLength(1);
  });

  test('while the platform is offline a message waits; back online it is answered', async () => {
    const page = await open();
    await wechat(page).getByRole('button', { name: '断网' }).click();
    await wechat(page).getByRole('button', { name: '断网', pressed: true }).waitFor();
    await say(wechat(page), '怎么开发票？');
    await wechat(page).getByRole('img', { name: '发送中' }).waitFor();
    await wechat(page).getByRole('button', { name: '断网' }).click();
    await wechat(page)
      .getByText(/电子发票/)
      .first()
      .waitFor();
    await wechat(page).getByRole('img', { name: '已送达' }).waitFor();
  });

  test('the reply window counts down and closes after 49 hours', async () => {
    const page = await open();
    await say(wechat(page), '怎么开发票？');
    await wechat(page)
      .getByText(/47:59:\d\d/)
      .waitFor();
    const left = await wechat(page)
      .getByText(/47:59:\d\d/)
      .innerText();
    await until(
      () =>
        wechat(page)
          .getByText(/47:5\d:\d\d/)
          .innerText(),
      (now) => now < left,
    );
    await wechat(page).getByRole('button', { name: '+49 小时' }).click();
    await wechat(page).getByText('窗口已关闭').waitFor();
  });

  test('thirty customers rush in and each gets a phone', async () => {
    const page = await open();
    await page.getByRole('button', { name: '30 位客户涌入' }).click();
    await page
      .getByRole('combobox', { name: /更多客户/ })
      .first()
      .waitFor();
    const counts = await page.getByRole('combobox', { name: /更多客户/ }).allInnerTexts();
    const extra = counts.map((text) => Number(/\+(\d+)/.exec(text)?.[1]));
    expect(extra.reduce((sum, one) => sum + one, 0)).toBe(30);
    await page.getByRole('button', { name: '涌入中' }).waitFor();
  });

  test.each(themesAndLanguages)('axe finds nothing in $theme, $language', async (look) => {
    await stage.phones.of('acme-wechat', '陈晓琳').say('怎么开发票？');
    const page = await open(look);
    await wechat(page)
      .getByText(/电子发票/)
      .first()
      .waitFor();
    await page.locator('ul li button').first().click();
    await picture(page, `sandbox-${look.theme}-${look.language}`);
    expect(await violationsOf(page)).toEqual([]);
  });

  test.each([desktop, tablet, phoneLook])('at $width px nothing hangs over the edge', async (look) => {
    const page = await open(look);
    expect(await widthOf(page)).toBeLessThanOrEqual(look.width);
    await picture(page, `sandbox-${look.width}`);
  });
});
