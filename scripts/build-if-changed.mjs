// Builds the server and the console when their sources have changed since the last build.
// The configuration is checked between the two: a mistake in it must not wait for a console.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWidget } from './build-widget.mjs';

const stampsFile = 'dist/.stamps.json';
const storeThread = 'src/platform/mongo/embedded/worker.ts';

await buildServer();
if (process.argv.includes('--server-only')) process.exit(0);
if (process.env.npm_lifecycle_event === 'prestart') checkConfig();
await buildConsole();

async function buildServer() {
  const files = filesBelow('src');
  const stamp = hashOf([...files, 'package-lock.json', 'scripts/build-if-changed.mjs']);
  if (readStamps().server === stamp && existsSync('dist/main.js')) return;
  rmSync('dist', { recursive: true, force: true });
  const options = {
    outdir: 'dist',
    outbase: 'src',
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  };
  const entryPoints = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  await build({ ...options, entryPoints: entryPoints.filter((file) => file !== storeThread) });
  // In one piece its modules call each other directly; between files each call goes through a getter.
  await build({ ...options, entryPoints: [storeThread], bundle: true, packages: 'external' });
  writeStamp('server', stamp);
}

function checkConfig() {
  const { status } = spawnSync(process.execPath, ['dist/cli/check-config.js'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

async function buildConsole() {
  const sources = filesBelow('agent-console').filter(
    (file) => !/agent-console\/(dist|node_modules)\//.test(file),
  );
  const shared = [...filesBelow('src/contract'), ...filesBelow('src/domain')];
  const stamp = hashOf([...sources, ...shared, 'package-lock.json']);
  if (readStamps().console === stamp && existsSync('agent-console/dist/index.html')) return;
  console.log('Building the console (only when its sources have changed) …');
  const { status } = spawnSync('npm', ['run', 'build', '--silent', '--workspace', 'agent-console'], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  await buildWidget();
  writeStamp('console', stamp);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.split(/[\\/]/).includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

function readStamps() {
  return existsSync(stampsFile) ? JSON.parse(readFileSync(stampsFile, 'utf8')) : {};
}

function writeStamp(name, stamp) {
  mkdirSync('dist', { recursive: true });
  writeFileSync(stampsFile, JSON.stringify({ ...readStamps(), [name]: stamp }));
}
