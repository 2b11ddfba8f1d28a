import type { Page } from 'playwright-core';
import { violationsOf } from './support/axe';
import { describeInBrowser } from './support/chromium';
import { phone, tablet, themesAndLanguages } from './support/looks';
import { widthOf } from './support/measure';
import { picture } from './support/picture';
import { Stage } from './support/stage';

const screens = [
  '/inbox?view=all',
  '/wall',
  '/tickets',
  '/customers',
  '/knowledge',
  '/flows',
  '/channels',
  '/dead-letters',
  '/team',
];

describeInBrowser('Every screen of the console', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set();
    const emma = stage.phones.of('acme-telegram', 'Emma Lopez');
    await emma.say('How do I get an invoice?');
    await emma.say('I want to talk to a human');
    const chen = stage.phones.of('acme-wechat', '陈晓琳');
    await chen.say('退款多久到账？');
    await chen.say('转人工');
    await (
      await stage.as('li')
    ).until(
      async () => (await stage.as('li')).conversations('?status=queued'),
      (queue) => queue.length === 2,
      15_000,
    );
  }, 60_000);
  afterAll(() => stage.strike());
  afterEach(async () => expect(await stage.clear()).toEqual([]));

  /** Shown, with nothing left that loads. */
  const settled = async (page: Page): Promise<void> => {
    await page.locator('main').first().waitFor();
    await page.waitForLoadState('networkidle').catch(() => undefined);
    // On a busy machine the network may rest before the page has asked for anything.
    await page.waitForFunction("!document.querySelector('[aria-busy=true], .animate-pulse')");
  };
  const openOne = async (page: Page): Promise<void> => {
    await page.getByRole('option').first().click();
    await page.getByRole('log').waitFor();
  };

  test.each(themesAndLanguages)(
    'axe finds nothing in $theme, $language',
    async (look) => {
      const context = await stage.agent('admin', look);
      const page = await stage.page(context, screens[0] ?? '');
      const found: string[] = [];
      for (const screen of screens) {
        await page.goto(`${stage.url}${screen}`);
        await settled(page);
        if (screen.startsWith('/inbox')) await openOne(page);
        await picture(
          page,
          `console${screen.split('?')[0]?.replaceAll('/', '-')}-${look.theme}-${look.language}`,
        );
        for (const violation of await violationsOf(page)) found.push(`${screen}: ${violation}`);
      }
      expect(found).toEqual([]);
    },
    60_000,
  );

  test.each(themesAndLanguages)('axe finds nothing at the login in $theme, $language', async (look) => {
    stage.expectComplaint(/status of 401/);
    const page = await stage.page(await stage.visitor(look), '/login');
    stage.expectComplaint(/status of 401/);
    await page.locator('input[type=password]').waitFor();
    await picture(page, `console-login-${look.theme}-${look.language}`);
    expect(await violationsOf(page)).toEqual([]);
  });

  test.each([tablet, phone])(
    'at $width px nothing hangs over the edge',
    async (look) => {
      const context = await stage.agent('admin', look);
      const page = await stage.page(context, screens[0] ?? '');
      const tooWide: string[] = [];
      for (const screen of screens) {
        await page.goto(`${stage.url}${screen}`);
        await settled(page);
        if (screen.startsWith('/inbox')) await openOne(page);
        await picture(page, `console${screen.split('?')[0]?.replaceAll('/', '-')}-${look.width}`);
        const width = await widthOf(page);
        if (width > look.width) tooWide.push(`${screen}: ${width}`);
      }
      expect(tooWide).toEqual([]);
    },
    60_000,
  );
});
