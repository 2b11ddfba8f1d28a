import type { Page } from 'playwright-core';

/** How wide the page's content is: more than the screen, and it hangs over the edge. */
export const widthOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth');
