import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ApiClient } from '../../support/api-client';
import { freePort } from '../../support/free-port';
import { ServerProcess } from '../../support/server-process';
import { launchChromium } from './chromium';
import { desktop, type Look } from './looks';
import { Phones } from './phones';
import { Watch } from './watch';

export type Login = 'admin' | 'supervisor' | 'li' | 'han';

/** What `npm start` gives a newcomer, as a process of its own, and a browser to look at it. */
export class Stage {
  readonly phones = new Phones(() => this.url);
  private readonly open: { context: BrowserContext; watch: Watch }[] = [];

  private constructor(
    readonly server: ServerProcess,
    readonly browser: Browser,
    readonly dataDir: string,
  ) {}

  /** One for each file: its pages share the server and the browser. `prepare` may fill the data folder. */
  static async set(prepare: (dataDir: string) => Promise<void> = async () => undefined): Promise<Stage> {
    if (!existsSync(resolve(__dirname, '../../../agent-console/dist/index.html')))
      throw new Error('The console is not built: npm run build');
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-browser-'));
    await prepare(dataDir);
    const [port, sandboxPort] = [await freePort(), await freePort()];
    const env = { PORT: `${port}`, SANDBOX_PORT: `${sandboxPort}`, PARLEY_DATA_DIR: dataDir };
    const server = new ServerProcess(env, `http://127.0.0.1:${port}`);
    const [browser] = await Promise.all([launchChromium(), server.start()]);
    return new Stage(server, browser, dataDir);
  }

  get url(): string {
    return this.server.url;
  }

  /** The printed login of a person of the demo. */
  passwordOf(who: Login): string {
    const line = this.server.output.split('\n').find((one) => one.includes(` ${who}@acme.test`));
    return line?.trim().split(/\s+/).at(-1) ?? '';
  }

  as(who: Login): Promise<ApiClient> {
    return ApiClient.signIn(this.url, `${who}@acme.test`, this.passwordOf(who));
  }

  /** A fresh browser profile: nobody is signed in, nothing is stored. */
  async visitor(look: Partial<Look> = {}, moreOrigins: string[] = []): Promise<BrowserContext> {
    const { width, height, theme, language } = { ...desktop, ...look };
    const context = await this.browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      locale: language,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(20_000);
    const watch = new Watch(context, new Set([this.url, ...moreOrigins]));
    this.open.push({ context, watch });
    return context;
  }

  /** A profile in which this person is signed in. */
  async agent(who: Login, look: Partial<Look> = {}): Promise<BrowserContext> {
    const context = await this.visitor(look);
    const data = { email: `${who}@acme.test`, password: this.passwordOf(who) };
    const answer = await context.request.post(`${this.url}/api/v1/session`, { data });
    if (!answer.ok()) throw new Error(`Sign-in of ${who}: ${answer.status()}`);
    return context;
  }

  async page(context: BrowserContext, path: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(new URL(path, this.url).href);
    return page;
  }

  /** The journey provokes this complaint in the pages that are open now. */
  expectComplaint(complaint: RegExp): void {
    for (const { watch } of this.open) watch.expect(complaint);
  }

  /** After each test: closes its pages and answers with whatever they complained of. */
  async clear(): Promise<string[]> {
    const open = this.open.splice(0);
    for (const { context } of open) await context.close();
    return open.flatMap(({ watch }) => watch.take());
  }

  async strike(): Promise<void> {
    await this.browser.close();
    await this.server.end('SIGTERM');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
