import { benchCost } from './cost';
import { benchPath } from './path';
import { benchStore } from './store';

type Suite = (options: string[]) => Promise<void>;

/** One file for each suite. */
const suites: Record<string, Suite> = { path: benchPath, cost: benchCost, store: benchStore };

/** `npm run bench -- store`: measures side by side, in one run, and prints ratios. */
async function main(): Promise<void> {
  const [name = '', ...options] = process.argv.slice(2);
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (!suite) throw new Error(`Name a suite: ${Object.keys(suites).join(', ')}.`);
  await suite(options);
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
