import { AxeBuilder } from '@axe-core/playwright';
import { source, type Result } from 'axe-core';
import type { Page } from 'playwright-core';

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Of what is in order it need not collect the elements. */
const options = { resultTypes: ['violations' as const] };

/** What axe finds wrong with the page as it stands, one line each: empty is good. */
export async function violationsOf(page: Page): Promise<string[]> {
  const violations = page.frames().length === 1 ? await inItself(page) : await withFrames(page);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${String(target)}: ${failureSummary ?? ''}`),
  );
}

/** A page without frames: asked directly, which takes a third of the time. */
async function inItself(page: Page): Promise<Result[]> {
  await page.evaluate(source);
  const run = `axe.run(${JSON.stringify({ ...options, runOnly: standards })})`;
  return page.evaluate<Result[]>(`${run}.then(({ violations }) => violations)`);
}

async function withFrames(page: Page): Promise<Result[]> {
  const builder = new AxeBuilder({ page: page as never }).options(options).withTags(standards);
  return (await builder.analyze()).violations;
}
