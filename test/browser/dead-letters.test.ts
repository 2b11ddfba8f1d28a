import type { Page } from 'playwright-core';
import { until } from '../support/until';
import { violationsOf } from './support/axe';
import { describeInBrowser } from './support/chromium';
import { desktop, phone, type Look } from './support/looks';
import { widthOf } from './support/measure';
import { picture } from './support/picture';
import { Stage } from './support/stage';

describeInBrowser('Dead letters', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()), 60_000);
  afterAll(() => stage.strike());
  afterEach(async () => expect(await stage.clear()).toEqual([]));

  const open = async (who: 'supervisor' | 'li', look: Partial<Look> = {}): Promise<Page> =>
    stage.page(await stage.agent(who, look), '/dead-letters');
  const said = '<img src=x onerror="document.title=1">';

  /** A reply whose answer is lost. */
  const loseAnswer = async (name: string) => {
    const customer = stage.phones.of('acme-telegram', name);
    await stage.phones.control('acme-telegram', { dropAnswers: 1 });
    await customer.say('How do I get an invoice?');
    return customer;
  };
  /** What only Parley's next version will understand: signed as the platform does. */
  const strange = async () => {
    const customer = stage.phones.of('acme-telegram', said);
    await customer.say('hello');
    const seen = (await stage.phones.requests()).filter(({ direction }) => direction === 'webhook');
    const { url, headers } = seen.at(-1) as unknown as { url: string; headers: Record<string, string> };
    const body = JSON.stringify({ update_id: 987_654_321, poll: { question: said } });
    const { 'content-length': _length, host: _host, ...signed } = headers;
    const answer = await fetch(url, { method: 'POST', headers: signed, body });
    expect(answer.status).toBe(200);
  };

  test('with nothing set aside the page says so, and it is not for agents', async () => {
    const page = await open('supervisor');
    await page.getByText('没有异常消息').waitFor();
    await picture(page, 'dead-letters-empty');
    stage.expectComplaint(/status of 403/);
    const agents = await open('li');
    await agents.getByText('没有权限').waitFor();
    expect(await agents.getByRole('link', { name: '异常消息' }).count()).toBe(0);
  });

  test('a reply of which nobody knows whether it arrived is sent again, and is off the list', async () => {
    const ida = await loseAnswer('Ida Unknown');
    const page = await open('supervisor');
    await page
      .getByRole('button', { name: /invoice/i })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: '回复发送异常' });
    await dialog.getByText('客户可能已经收到。再发一次？').waitFor();
    await picture(page, 'dead-letters-unknown');
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: '再次发送' }).click();
    await page.getByText('已重新处理').waitFor();
    await page.getByText('没有异常消息').waitFor();
    await until(
      () => ida.received(),
      (all) => all.length === 2,
    );
  });

  test('a request that is not understood shows as plain text, says why a replay failed, and is discarded after asking', async () => {
    await strange();
    const page = await open('supervisor');
    await page.getByRole('button', { name: '（没有文字内容）' }).click();
    const dialog = page.getByRole('dialog', { name: '无法识别的请求' });
    await dialog.getByText(said.replaceAll('"', '\\"')).waitFor();
    expect(await page.title()).toBe('Parley');
    await picture(page, 'dead-letters-raw');
    stage.expectComplaint(/status of 409/);
    await dialog.getByRole('button', { name: '重试' }).click();
    await dialog.getByText('仍然无法识别').waitFor();
    await dialog.getByRole('button', { name: '丢弃' }).click();
    await dialog.getByText('确定丢弃').waitFor();
    await picture(page, 'dead-letters-asks');
    await dialog.getByRole('button', { name: '丢弃' }).click();
    await page.getByText('没有异常消息').waitFor();
  });

  test.each<Look>([desktop, { ...phone, language: 'en' }, { ...phone, theme: 'dark' }])(
    'at $width px in $language and $theme the list and a letter fit, and axe finds nothing',
    async (look) => {
      await loseAnswer(`Ola ${look.width} ${look.theme}`);
      const page = await open('supervisor', look);
      const row = page.getByRole('table').getByRole('button').first();
      await row.waitFor();
      await picture(page, `dead-letters-${look.width}-${look.language}-${look.theme}`);
      expect(await violationsOf(page)).toEqual([]);
      await row.click();
      await page.getByRole('dialog').waitFor();
      await picture(page, `dead-letter-${look.width}-${look.language}-${look.theme}`);
      expect(await violationsOf(page)).toEqual([]);
      expect(await widthOf(page)).toBeLessThanOrEqual(look.width);
    },
  );
});
