import type { BrowserContext, Page } from 'playwright-core';
import { awayHost } from '../../support/xss-payloads';

/** What of a page's text was carried out: calls of `canary()`, dialogs, frames and pages that opened, calls to strangers. */
export class Canary {
  private readonly sung = new Set<string>();

  private constructor(private readonly framesOfPage: number) {}

  /** `framesOfPage`: how many frames the pages have by themselves. */
  static async watch(context: BrowserContext, framesOfPage = 1): Promise<Canary> {
    const canary = new Canary(framesOfPage);
    await context.exposeBinding('canary', (_source, id: unknown) => canary.note(`called ${String(id)}`));
    // Nothing of it may leave this machine; that it was asked for is what counts.
    await context.route(
      (url) => url.hostname === awayHost,
      (route) => {
        canary.note(`asked for ${route.request().url()}`);
        return route.abort();
      },
    );
    context.on('dialog', (dialog) => {
      canary.note(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    return canary;
  }

  /** Looks at what stands in the page now; answers whatever was carried out or could be. */
  async hear(page: Page): Promise<string[]> {
    const frames = page.frames().length;
    if (frames !== this.framesOfPage) this.note(`${frames} frames at ${page.url()}`);
    if (page.context().pages().length > 1) this.note(`${page.context().pages().length} pages`);
    for (const found of await page.evaluate<string[]>(suspects)) this.note(`in the page: ${found}`);
    return this.heard;
  }

  get heard(): string[] {
    return [...this.sung];
  }

  private note(what: string): void {
    this.sung.add(what);
  }
}

/** Elements and attributes that only a hostile text could have made: ours have none of them. */
const suspects = `(() => {
  const made = [...document.querySelectorAll('*')].filter((element) =>
    [...element.attributes].some(({ name, value }) =>
      name.startsWith('on') || name === 'srcdoc' ||
      (['href', 'src', 'action', 'xlink:href', 'data', 'formaction'].includes(name) && /^[\\u0000-\\u0020]*(j\\s*a\\s*v\\s*a|vb\\s*script|data:text)/i.test(value))));
  const kinds = document.querySelectorAll('body iframe, object, embed, base, math, body meta, body style:not([data-href]), details[ontoggle], template');
  return [...made, ...kinds].map((element) => element.outerHTML.slice(0, 200));
})()`;

/** The ids of the payloads that can be read in the page now, or in its names and values. */
export const idsIn = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`(() => {
    const texts = [document.body.textContent];
    for (const element of document.querySelectorAll('[aria-label],[title],[alt],input,textarea'))
      texts.push(element.getAttribute('aria-label'), element.getAttribute('title'), element.getAttribute('alt'), element.value);
    return [...new Set(texts.join(' ').match(/n\\d{4}n/g) ?? [])];
  })()`);
