import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The first versions without a known hole; older ones must not come back through the lockfile. */
const minimum: Record<string, string> = {
  'socket.io-parser': '4.2.6',
  mongoose: '9.8.0',
  'fast-xml-parser': '5.5.6',
  multer: '2.0.2',
  'body-parser': '2.3.0',
};

const lockfile = JSON.parse(readFileSync(join(__dirname, '../package-lock.json'), 'utf8')) as {
  packages: Record<string, { version?: string; os?: string[]; cpu?: string[]; optional?: boolean }>;
};

test.each(Object.entries(minimum))('every copy of %s is at least %s', (name, least) => {
  const versions = Object.entries(lockfile.packages)
    .filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
    .map(([, { version = '0' }]) => version);
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.filter((version) => isOlder(version, least))).toEqual([]);
});

test('there is one copy of the MongoDB driver', () => {
  const copies = Object.keys(lockfile.packages).filter((path) => path.endsWith('node_modules/mongodb'));
  expect(copies).toEqual(['node_modules/mongodb']);
});

test('what is made for one system only is optional: npm 10, which comes with Node 20, refuses it otherwise', () => {
  const forced = Object.entries(lockfile.packages).filter(
    ([, { os, cpu, optional }]) => (os || cpu) && !optional,
  );
  expect(forced.map(([path]) => path)).toEqual([]);
});

test('dependencies are pinned: the same clone is the same program', () => {
  const loose = ['..', '../agent-console'].flatMap((folder) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(join(__dirname, folder, 'package.json'), 'utf8'),
    ) as Record<'dependencies' | 'devDependencies', Record<string, string> | undefined>;
    return Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d/.test(version),
    );
  });
  expect(loose).toEqual([]);
});

function isOlder(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (let index = 0; index < 3; index++) {
    const [left, right] = [a?.[index] ?? 0, b?.[index] ?? 0];
    if (left !== right) return left < right;
  }
  return false;
}
