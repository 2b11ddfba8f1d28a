import { benchCost } from './cost';
import { benchFanOut } from './fan-out';
import { benchInbox } from './inbox';
import { benchNodes } from './nodes';
import { printSetting } from './parts/setting';
import { benchPath } from './path';
import { root } from './processes/ours';
import { benchReconnect } from './reconnect';
import { benchRedelivery } from './redelivery';
import { benchSoak } from './soak';
import { benchStore } from './store';
import { benchTimers } from './timers';

type Suite = (options: string[]) => Promise<void>;

/** One folder or file for each suite. */
const suites: Record<string, Suite> = {
  path: benchPath,
  redelivery: benchRedelivery,
  'fan-out': benchFanOut,
  inbox: benchInbox,
  cost: benchCost,
  nodes: benchNodes,
  timers: benchTimers,
  reconnect: benchReconnect,
  soak: benchSoak,
  store: benchStore,
};

/** `npm run bench -- path`: measures side by side, in one run, and prints ratios. Without a name: a short run of all. */
async function main(): Promise<void> {
  const [name, ...options] = process.argv.slice(2);
  printSetting(root);
  if (name === undefined) return shortRunOfAll();
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (!suite) throw new Error(`Name a suite: ${Object.keys(suites).join(', ')}.`);
  await suite(options);
}

const ownSize = { store: ['--count', '200', '--grow', '1000'] };

async function shortRunOfAll(): Promise<void> {
  for (const [name, suite] of Object.entries(suites)) {
    console.log(`\n## ${name}`);
    await suite(name === 'store' ? ownSize.store : ['--short']);
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
