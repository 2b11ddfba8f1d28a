import type { Page } from 'playwright-core';
import { until } from '../support/until';
import { describeInBrowser, launchChromium } from './support/chromium';
import { Canary, idsIn } from './support/canary';
import {
  conversationId,
  hostileFlows,
  payloads,
  perThread,
  seedHostile,
  threadCount,
  visitorCount,
  visitorToken,
} from './support/hostile-data';
import { Stage } from './support/stage';

/** Tall enough that lists which draw only what is seen draw fifty rows. */
const tall = { width: 1440, height: 6_000 };
const allIds = payloads.map(({ id }) => id);

/** Nothing loads any longer. Asked from outside: the policy of the page lets nobody evaluate a text in it. */
const settled = (page: Page) =>
  until(() => page.evaluate<boolean>("!document.querySelector('[aria-busy=true]')"));

/** What is left of a text for whoever decodes once too often. */
const decoded = (text: string) =>
  text.replace(/&#x(\w+);|%([0-9a-f]{2})/g, (_all, entity?: string, percent?: string) =>
    String.fromCharCode(parseInt(entity ?? percent ?? '', 16)),
  );

/** To another screen without loading the page anew. */
const goInside = (page: Page, path: string) =>
  page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);

describeInBrowser('More than six hundred hostile texts, wherever text is shown', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set(seedHostile)), 120_000);
  afterAll(() => stage.strike());
  // Also what the page's policy had to stop is a complaint: nothing may have come so far.
  afterEach(async () => expect(await stage.clear()).toEqual([]));

  /** The console of an admin, and what was heard and read there. */
  async function openConsole(path: string) {
    const context = await stage.agent('admin', tall);
    const canary = await Canary.watch(context);
    const page = await stage.page(context, path);
    const shown = new Set<string>();
    const look = async () => {
      for (const id of await idsIn(page)) shown.add(id);
      expect(await canary.hear(page)).toEqual([]);
    };
    return { page, look, shown, missing: () => allIds.filter((id) => !shown.has(id)) };
  }

  const more = async (page: Page): Promise<boolean> => {
    await settled(page);
    const button = page.getByRole('button', { name: '加载更多' });
    if ((await button.count()) === 0) return false;
    // A click that comes while it loads hits nothing, and after the last page there is no button.
    await button.click({ timeout: 1_000 }).catch(() => undefined);
    return true;
  };

  test('they would be carried out by a page that takes text for markup', async () => {
    expect(new Set(allIds).size).toBeGreaterThanOrEqual(600);
    // In a browser of its own: not every one of them leaves its browser well.
    const browser = await launchChromium();
    const context = await browser.newContext();
    const canary = await Canary.watch(context);
    for (let from = 0; from < payloads.length; from += 100) {
      const page = await context.newPage();
      const some = payloads.slice(from, from + 100).filter(({ text }) => !/meta|base|form/i.test(text));
      const markup = JSON.stringify(some.map(({ text }) => `<p>${decoded(text)}</p>`).join(''));
      await page.evaluate(`document.body.innerHTML = ${markup}`).catch(() => undefined);
      await canary.hear(page).catch(() => undefined);
      await page.close();
    }
    const live = new Set(canary.heard.join(' ').match(/n\d{4}n/g));
    await browser.close();
    process.stdout.write(
      `xss: ${payloads.length} payloads, ${live.size} carried out where text is taken for markup\n`,
    );
    expect(live.size).toBeGreaterThan(100);
  }, 60_000);

  test('in the threads of the inbox: messages of all kinds, names of people and files, labels, errors', async () => {
    for (const kind of ['text', 'other'] as const) {
      const { page, look, shown, missing } = await openConsole(
        `/inbox?view=all&c=${conversationId(kind, 0)}`,
      );
      for (let thread = 0; thread < threadCount; thread++) {
        if (thread > 0) await goInside(page, `/inbox?view=all&c=${conversationId(kind, thread)}`);
        const ids = payloads.slice(thread * perThread, (thread + 1) * perThread).map(({ id }) => id);
        // Its messages come in pages.
        await until(async () => {
          await look();
          return ids.every((id) => shown.has(id));
        });
      }
      expect(missing()).toEqual([]);
      await page.context().close();
    }
  }, 120_000);

  test('in the list of the inbox, and in what it finds', async () => {
    const { page, look, shown } = await openConsole('/inbox?view=all');
    await page.getByRole('option').first().waitFor();
    const showsMost = async () => {
      await look();
      await page.evaluate("document.querySelector('[role=listbox]').scrollBy(0, 4000)");
      return shown.size >= 500;
    };
    await until(showsMost, Boolean, 60_000);
  }, 120_000);

  test.each(['/tickets', '/customers', '/knowledge'])(
    'in %s',
    async (path) => {
      const { page, look, missing } = await openConsole(path);
      await page.getByRole('button', { name: '加载更多' }).waitFor();
      while (await more(page));
      await look();
      expect(missing()).toEqual([]);
    },
    120_000,
  );

  test('in a ticket, a customer, an article and its preview, and the wall', async () => {
    const { page, look, shown } = await openConsole('/wall');
    await page.locator('main').waitFor();
    await look();
    for (const path of ['/tickets/tk_', '/customers/ct_', '/knowledge/ar_'])
      for (let index = 0; index < payloads.length; index += Math.ceil(payloads.length / 4)) {
        await goInside(page, `${path}${index}`);
        await page.locator('main').waitFor();
        await settled(page);
        await look();
      }
    expect(shown.size).toBeGreaterThan(8);
  }, 120_000);

  test('in the flows: names, triggers, steps, labels', async () => {
    const { page, look, missing } = await openConsole('/wall');
    await page.route('**/api/v1/flows', (route) =>
      route.fulfill({ json: { items: hostileFlows(), nextCursor: null } }),
    );
    await page.goto(`${stage.url}/flows`);
    await page.getByRole('combobox').first().waitFor();
    await look();
    expect(missing()).toEqual([]);
  }, 60_000);

  test('as they come in, live: the list, the open thread, the title of the page', async () => {
    const some = payloads.filter((_one, index) => index % 40 === 0);
    const phone = stage.phones.of('acme-telegram', `<img src=x onerror="canary('name')">`);
    const { page, look } = await openConsole('/inbox?view=all');
    await phone.say('转人工');
    await page.getByRole('option').filter({ hasText: 'onerror="canary' }).first().click();
    for (const { text } of some) await phone.say(text);
    await until(
      async () => {
        const ids = await idsIn(page);
        return some.every(({ id }) => ids.includes(id));
      },
      undefined,
      20_000,
    );
    await look();
  }, 60_000);

  test('in the web chat: texts, names of files, the labels of buttons', async () => {
    const shown = new Set<string>();
    for (let visitor = 0; visitor < visitorCount; visitor++) {
      const { page, canary } = await openPanel(visitor);
      expect(await page.locator('.choice').count()).toBe(payloads.length);
      const bubbles = (await page.locator('.bubble').allTextContents()).join(' ');
      for (const id of bubbles.match(/n\d{4}n/g) ?? []) shown.add(id);
      expect(await canary.hear(page)).toEqual([]);
      if (visitor > 0) continue;
      await page.locator('.choice').nth(8).click();
      await page.locator('.mine .bubble', { hasText: payloads[8]?.id }).last().waitFor();
      expect(await canary.hear(page)).toEqual([]);
    }
    expect(allIds.filter((id) => !shown.has(id))).toEqual([]);
  }, 120_000);

  /** The panel of the web chat in the browser of a visitor who was here before. */
  async function openPanel(visitor: number) {
    const context = await stage.visitor(tall);
    const canary = await Canary.watch(context);
    const token = JSON.stringify(JSON.stringify(visitorToken(stage.dataDir, visitor)));
    await context.addInitScript(
      `if (location.protocol === 'http:') localStorage.setItem('parley:web:token', ${token})`,
    );
    const page = await stage.page(context, '/webchat/web/panel');
    await page.locator('.choice').first().waitFor();
    return { page, canary };
  }
});
