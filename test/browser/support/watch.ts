import type { BrowserContext } from 'playwright-core';

/** What a page must never do: complain in its console, throw, or call a stranger. */
export class Watch {
  private readonly complaints: string[] = [];
  private readonly expected: RegExp[] = [];

  constructor(
    context: BrowserContext,
    private readonly origins: Set<string>,
  ) {
    context.on('console', (message) => {
      if (message.type() === 'error') this.note(`console: ${message.text()} ${message.location().url}`);
    });
    context.on('weberror', (error) => this.note(`thrown: ${error.error().stack ?? error.error().message}`));
    context.on('request', (request) => {
      if (!this.isOurs(request.url())) this.note(`off origin: ${request.url()}`);
    });
  }

  /** A complaint that the journey provokes on purpose, such as a server that is away. */
  expect(complaint: RegExp): void {
    this.expected.push(complaint);
  }

  /** What was wrong since the last time, without what was expected. */
  take(): string[] {
    return this.complaints.splice(0).filter((one) => !this.expected.some((known) => known.test(one)));
  }

  private note(complaint: string): void {
    this.complaints.push(complaint);
  }

  private isOurs(url: string): boolean {
    const { protocol, origin } = new URL(url);
    return protocol === 'data:' || protocol === 'blob:' || this.origins.has(origin);
  }
}
