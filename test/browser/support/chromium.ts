import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const isFound = existsSync(path);

/** Nothing that would call home: a test run stays on this machine. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A suite for the browser. Without one it is left out, and in CI that is a failure. */
export function describeInBrowser(name: string, suite: () => void): void {
  if (isFound) return void describe(name, suite);
  const reason = `No Chromium at ${path} (CHROMIUM_PATH)`;
  if (process.env['CI'] === 'true')
    return void test(name, () => {
      throw new Error(`${reason}, and with CI=true that is a failure.`);
    });
  console.warn(`${reason}: "${name}" is left out.`);
  describe.skip(name, suite);
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: path, headless: true, args: quiet });
