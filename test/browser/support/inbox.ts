import type { Locator, Page } from 'playwright-core';

/** The inbox as an agent uses it, found by roles and names. */
export class Inbox {
  readonly rows: Locator;
  readonly thread: Locator;

  constructor(readonly page: Page) {
    this.rows = page.getByRole('option');
    this.thread = page.getByRole('log');
  }

  view(name: string): Promise<void> {
    return this.page.getByRole('navigation', { name: '视图' }).getByRole('button', { name }).click();
  }

  row(words: string): Locator {
    return this.rows.filter({ hasText: words }).first();
  }

  async open(words: string): Promise<void> {
    await this.row(words).click();
    await this.thread.waitFor();
  }

  async take(): Promise<void> {
    await this.act('接待').click();
    await this.reply.waitFor();
  }

  act(name: string): Locator {
    return this.page.locator('header').getByRole('button', { name, exact: true });
  }

  get reply(): Locator {
    return this.page.getByRole('textbox', { name: /^回复/ });
  }

  get note(): Locator {
    return this.page.getByRole('textbox', { name: /^给同事的备注/ });
  }

  async send(text: string): Promise<void> {
    await this.reply.fill(text);
    await this.reply.press('Enter');
  }

  bubble(text: string): Locator {
    return this.thread.locator('[data-author], [data-pending]').filter({ hasText: text });
  }
}
