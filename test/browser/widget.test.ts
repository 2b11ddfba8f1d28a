import type { FrameLocator, Page } from 'playwright-core';
import { until } from '../support/until';
import { violationsOf } from './support/axe';
import { describeInBrowser } from './support/chromium';
import { openForeignPage } from './support/foreign-page';
import { phone, themesAndLanguages, type Look } from './support/looks';
import { widthOf } from './support/measure';
import { picture } from './support/picture';
import { Stage } from './support/stage';

describeInBrowser('The web chat on somebody else’s page', () => {
  let stage: Stage;
  let shop: Awaited<ReturnType<typeof openForeignPage>>;
  beforeAll(async () => {
    stage = await Stage.set();
    shop = await openForeignPage(stage.url);
  }, 60_000);
  afterAll(async () => {
    await stage.strike();
    await shop.close();
  });
  afterEach(async () => expect(await stage.clear()).toEqual([]));

  const visit = async (look: Partial<Look> = {}): Promise<Page> => {
    const context = await stage.visitor(look, [shop.url]);
    return stage.page(context, shop.url);
  };
  const launcher = (page: Page) => page.locator('button').first();
  const chatOf = (page: Page): FrameLocator => page.frameLocator('iframe');
  const openChat = async (page: Page): Promise<FrameLocator> => {
    await launcher(page).click();
    const chat = chatOf(page);
    await chat.locator('.link.online').waitFor();
    return chat;
  };
  const say = async (chat: FrameLocator, text: string) => {
    await chat.getByRole('textbox').fill(text);
    await chat.getByRole('textbox').press('Enter');
  };
  /** An agent takes the one conversation that waits, and answers. */
  const fromAgent = async (text: string) => {
    const li = await stage.as('li');
    const [waiting] = await until(
      () => li.conversations('?status=queued'),
      (queue) => queue.length > 0,
    );
    await li.post(`/conversations/${waiting?.id}/claim`);
    const reply = { text, clientMessageId: `reply-${Date.now()}` };
    const { status } = await li.post(`/conversations/${waiting?.id}/messages`, reply);
    expect(status).toBe(201);
  };

  test('a visitor asks, is answered, and after a reload finds the chat as it was', async () => {
    const page = await visit();
    const chat = await openChat(page);
    await say(chat, '怎么开发票？');
    await chat.getByText(/电子发票/).waitFor();
    await picture(page, 'widget-answered');
    await page.reload();
    // Who left it open finds it open.
    await chatOf(page)
      .getByText(/电子发票/)
      .waitFor();
    await expect(chatOf(page).getByText('怎么开发票？', { exact: true }).count()).resolves.toBe(1);
  });

  test('what an agent answers arrives; while the chat is closed a badge counts it, also after a reload', async () => {
    const page = await visit();
    const chat = await openChat(page);
    await say(chat, '我的柜子少了一块板子，转人工');
    await chat.getByText(/转接人工客服/).waitFor();
    await chat.getByRole('button', { name: '关闭' }).click();
    await fromAgent('您好，我马上补寄。');
    await page.locator('i', { hasText: '1' }).waitFor();
    await page.reload();
    await openChat(page);
    await chat.getByText('您好，我马上补寄。').waitFor();
  });

  test('the choices that the bot offers are buttons, and can be pressed once', async () => {
    const page = await visit();
    const chat = await openChat(page);
    await say(chat, '退货申请');
    await chat.getByText(/订单号/).waitFor();
    await say(chat, '20261001001');
    await chat.getByRole('button', { name: '质量问题' }).click();
    await chat.locator('.mine .bubble', { hasText: '质量问题' }).waitFor();
    await chat.getByRole('button', { name: '确认' }).waitFor();
    expect(await chat.getByRole('button', { name: '质量问题' }).count()).toBe(0);
  });

  test('an address becomes a link and markup stays text, on either side', async () => {
    const attack =
      '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> https://a.example/?q=1';
    const page = await visit();
    const chat = await openChat(page);
    await say(chat, `转人工 ${attack}`);
    await chat.locator('.mine .bubble', { hasText: 'onerror' }).waitFor();
    await fromAgent(`再看 ${attack}`);
    await chat.locator('.theirs .bubble', { hasText: 'onerror' }).waitFor();
    await expect(chat.locator('.bubble img, .bubble script').count()).resolves.toBe(0);
    const link = chat.locator('.theirs .bubble a');
    expect(await link.getAttribute('href')).toBe('https://a.example/?q=1');
    expect(await link.getAttribute('rel')).toContain('noopener');
    for (const frame of page.frames()) expect(await frame.evaluate('window.hacked')).toBeUndefined();
  });

  test('what is written without a network goes out when it is back, once', async () => {
    const page = await visit();
    stage.expectComplaint(/ERR_INTERNET_DISCONNECTED|WebSocket/);
    const chat = await openChat(page);
    await page.context().setOffline(true);
    await chat.locator('.link.offline').waitFor();
    await say(chat, '怎么开发票？');
    await chat.getByText('发送中').waitFor();
    await page.context().setOffline(false);
    await chat.getByText(/电子发票/).waitFor();
    await expect(chat.getByText('怎么开发票？', { exact: true }).count()).resolves.toBe(1);
  });

  test('a picture is sent and shown; one beyond 10 MB is refused with its reason', async () => {
    const page = await visit();
    const chat = await openChat(page);
    const picker = chat.locator('input[type=file]');
    await picker.setInputFiles({ name: '划痕.png', mimeType: 'image/png', buffer: await page.screenshot() });
    await chat.getByRole('img', { name: '划痕.png' }).waitFor();
    await chat.getByText(/已收到/).waitFor();
    await page.reload();
    await chat.getByRole('img', { name: '划痕.png' }).waitFor();
    const tooLarge = Buffer.alloc(10 * 1024 * 1024 + 1);
    await picker.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: tooLarge });
    await chat.getByRole('alert').getByText('文件太大').waitFor();
  });

  test('Enter that ends an input method’s word does not send', async () => {
    const page = await visit();
    const chat = await openChat(page);
    const box = chat.getByRole('textbox');
    await box.click();
    await box.fill('ni hao');
    await box.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true });
    expect(await box.inputValue()).toBe('ni hao');
    await box.press('Enter');
    await chat.locator('.mine .bubble', { hasText: 'ni hao' }).waitFor();
  });

  test('the keyboard opens it, lands in the text, and Escape leads back to the button', async () => {
    const page = await visit();
    await launcher(page).focus();
    await page.keyboard.press('Enter');
    const chat = chatOf(page);
    await chat.locator('.link.online').waitFor();
    await chat.locator('textarea:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('button[aria-expanded=false]:focus').waitFor();
  });

  test('on a phone it fills the screen and nothing hangs over the edge', async () => {
    const page = await visit(phone);
    const chat = await openChat(page);
    await say(chat, '怎么开发票？');
    await chat.getByText(/电子发票/).waitFor();
    const box = await page.locator('iframe').boundingBox();
    expect(box).toEqual({ x: 0, y: 0, width: phone.width, height: phone.height });
    expect(await widthOf(page)).toBe(phone.width);
    await picture(page, 'widget-phone');
  });

  test.each(themesAndLanguages)('axe finds nothing in $theme, $language', async (look) => {
    const page = await visit(look);
    const chat = await openChat(page);
    await say(chat, look.language === 'en' ? 'How do I get an invoice?' : '怎么开发票？');
    await chat.locator('.theirs .bubble').first().waitFor();
    await picture(page, `widget-${look.theme}-${look.language}`);
    expect(await violationsOf(page)).toEqual([]);
  });
});
