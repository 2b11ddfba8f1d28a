// Runs the suites and closes with one plain line that counts them. With --browser: the browser journeys alone.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { findRedis } from './find-redis.mjs';
import { findMongo } from './find-mongo.mjs';

const browser = process.argv.includes('--browser');
const passedOn = process.argv.slice(2).filter((argument) => argument !== '--browser');
/** What is random is tried more often: in CI on one version of Node, 3,000 messages with ten kills among them. */
const longTests = {
  SOAK_USERS: '100',
  SOAK_ROUNDS: '30',
  SOAK_KILLS: '10',
  PARLEY_FAULT_MESSAGES: '1000',
  PARLEY_FAILPOINTS: '25',
  PARLEY_DROPS: '100',
};
// A server that is PostgreSQL below fails now and then when two suites make collections at once.
const oneWorker = ['--maxWorkers=1'];
const onMongo = [
  'test/journeys',
  'test/unit/desk',
  'test/unit/crm',
  'test/unit/messages',
  'test/unit/knowledge',
  'test/unit/platform/events',
  'test/unit/platform/mongo/archive',
  'test/unit/platform/mongo/migrate',
  'golden-semantics',
  'mongo/embedded/(query/(find|matcher|projection)|update|aggregation/stages)',
];
const besideMongo = '(security|deploy|unit/(bot|channels|cli))/';
const totals = { passed: 0, failed: 0, skipped: 0 };
mkdirSync('test-output', { recursive: true });
// Several suites start the built server: built once here, so that they do not build beside each other.
const built = spawnSync(
  process.execPath,
  ['scripts/build-if-changed.mjs', ...(browser ? [] : ['--server-only'])],
  {
    stdio: 'inherit',
  },
);
if (built.status !== 0) process.exit(built.status ?? 1);

if (browser) {
  const env = { PARLEY_BROWSER_TESTS: '1' };
  const timed = ['test/browser/(budgets|ten-thousand)'];
  await run('browser', ['test/browser', `--testPathIgnorePatterns=${timed}`], env);
  // What is timed has the machine to itself.
  await run('browser, timed', [...timed, '--runInBand'], env);
} else {
  const onEmbedded = {
    TEST_MONGODB_URL: '',
    TEST_REDIS_URL: '',
    ...(process.env.PARLEY_LONG_TESTS && longTests),
  };
  const isWhole = passedOn.length === 0;
  await run('embedded store', isWhole ? [`/test/(?!${besideMongo})`] : passedOn, onEmbedded);
  // Looked for only now: CI builds its MongoDB server meanwhile.
  const redis = await findRedis();
  const mongo = await findMongo();
  const ofNodes = mongo ? ['test/journeys/nodes', ...oneWorker] : ['test/journeys'];
  const onRedis = { TEST_MONGODB_URL: '', TEST_REDIS_URL: redis?.url ?? '' };
  const onBoth = { TEST_MONGODB_URL: mongo?.url, TEST_REDIS_URL: redis?.url ?? '' };
  const rest = [`/test/${besideMongo}`, ...(mongo ? oneWorker : [])];
  const besideIt = async () => {
    if (redis) await run('Redis', ['test/unit/platform/coordination', ...ofNodes], onRedis);
    if (isWhole) await run('embedded store, the rest', rest, onEmbedded);
  };
  // Side by side, each with half of the machine.
  await Promise.all([besideIt(), mongo && run('MongoDB server', [...onMongo, ...oneWorker], onBoth)]);
  await mongo?.stop();
  redis?.stop();
  if (!mongo)
    console.log(
      '\nNo MongoDB server found (TEST_MONGODB_URL, MONGOMS_SYSTEM_BINARY or mongod): the suites ran on the embedded store only.',
    );
}
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 ? 1 : 0);

async function run(name, patterns, env) {
  console.log(`\n— ${name} —`);
  const report = `test-output/jest-${name.replace(/\W+/g, '-')}.json`;
  // A handle that a test left open must not hold the whole run.
  const options = ['--json', `--outputFile=${report}`, '--forceExit'];
  const args = ['node_modules/jest/bin/jest.js', ...options, ...patterns];
  const code = await exitCode(
    spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  count(report, code);
}

function count(report, code) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    totals.passed += numPassedTests;
    totals.failed += numFailedTests + numRuntimeErrorTestSuites;
    totals.skipped += numPendingTests;
    if (code !== 0 && numFailedTests + numRuntimeErrorTestSuites === 0) totals.failed += 1;
  } catch {
    totals.failed += 1;
  }
}

function exitCode(child) {
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}
