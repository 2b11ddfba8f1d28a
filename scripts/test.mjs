// Runs the suites and closes with one plain line that counts them. With --browser: the browser journeys alone.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { findRedis } from './find-redis.mjs';
import { findMongo } from './find-mongo.mjs';

const browser = process.argv.includes('--browser');
const passedOn = process.argv.slice(2).filter((argument) => argument !== '--browser');
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

const redis = await findRedis();
const mongo = await findMongo();
if (browser) {
  await run('browser', ['test/browser'], { PARLEY_BROWSER_TESTS: '1' });
} else {
  await run('embedded store', passedOn, {
    TEST_MONGODB_URL: '',
    TEST_REDIS_URL: '',
    // 3,000 messages and ten kills; elsewhere and on a laptop 200 and five.
    ...(process.env.CI && { SOAK_USERS: '100', SOAK_ROUNDS: '30', SOAK_KILLS: '10' }),
  });
  if (redis)
    await run('Redis', ['test/journeys', 'test/unit/platform/coordination'], {
      TEST_MONGODB_URL: '',
      TEST_REDIS_URL: redis.url,
      // The journeys of three nodes run on MongoDB where there is one; the other journeys of nodes do not.
      TEST_NODES_MONGODB_URL: mongo?.url ?? '',
    });
  if (mongo)
    await run(
      'MongoDB server',
      [
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
        // A server that is PostgreSQL below fails now and then when two suites make collections at once.
        '--maxWorkers=1',
      ],
      { TEST_MONGODB_URL: mongo.url, TEST_REDIS_URL: '' },
    );
  else
    console.log(
      '\nNo MongoDB server found (TEST_MONGODB_URL, MONGOMS_SYSTEM_BINARY or mongod): the suites ran on the embedded store only.',
    );
}
await mongo?.stop();
redis?.stop();
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 ? 1 : 0);

async function run(name, patterns, env) {
  console.log(`\n— ${name} —`);
  const report = `test-output/jest-${name.replace(/\W+/g, '-')}.json`;
  // A handle that a test left open must not hold the whole run.
  const options = ['--json', `--outputFile=${report}`, '--forceExit'];
  const args = [
    'node_modules/jest/bin/jest.js',
    ...options,
    ...(browser ? ['--runInBand'] : []),
    ...patterns,
  ];
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
