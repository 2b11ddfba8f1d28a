import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describeInBrowser } from './support/chromium';
import { Stage } from './support/stage';

const dist = resolve(__dirname, '../../agent-console/dist');
const kB = 1_000;
const bytesOf = (path: string): Buffer => readFileSync(resolve(dist, path));
const brotli = (paths: string[]): number =>
  paths.reduce((sum, path) => sum + brotliCompressSync(bytesOf(path)).length, 0);
const gzip = (path: string): number => gzipSync(bytesOf(path), { level: 9 }).length;

describeInBrowser('What a page costs', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()), 60_000);
  afterAll(() => stage.strike());
  afterEach(async () => expect(await stage.clear()).toEqual([]));

  /** The assets that a page fetches until its first words can be read. */
  const fetchedBy = async (page: Page, path: string, ready: string): Promise<string[]> => {
    const fetched = new Set<string>();
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/assets/')) fetched.add(pathname.slice(1));
    });
    await page.goto(`${stage.url}${path}`);
    await page.locator(ready).first().waitFor();
    return [...fetched];
  };

  test('the inbox opens with at most 190 kB of script and 10 kB of style (brotli)', async () => {
    const page = await (await stage.agent('li')).newPage();
    const assets = await fetchedBy(page, '/inbox', 'nav');
    const script = brotli(assets.filter((path) => path.endsWith('.js')));
    const style = brotli(assets.filter((path) => path.endsWith('.css')));
    console.log(`inbox: ${script} bytes of script, ${style} of style (brotli)`);
    expect(script).toBeGreaterThan(10 * kB);
    expect(script).toBeLessThanOrEqual(190 * kB);
    expect(style).toBeGreaterThan(1 * kB);
    expect(style).toBeLessThanOrEqual(10 * kB);
  });

  test('no part that is fetched later is beyond 80 kB (brotli)', () => {
    const parts = readdirSync(resolve(dist, 'assets')).filter((name) => name.endsWith('.js'));
    expect(parts.filter((name) => brotli([`assets/${name}`]) > 80 * kB)).toEqual([]);
  });

  test('the web chat costs a foreign page at most 3 kB until it is opened, and then 25 kB (gzip)', () => {
    expect(bytesOf('widget.js').length).toBeLessThanOrEqual(3 * kB);
    expect(gzip('assets/widget-panel.js')).toBeLessThanOrEqual(25 * kB);
  });
});
