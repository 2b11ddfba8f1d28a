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
  packages: Record<string, { version?: string }>;
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

function isOlder(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (let index = 0; index < 3; index++) {
    const [left, right] = [a?.[index] ?? 0, b?.[index] ?? 0];
    if (left !== right) return left < right;
  }
  return false;
}
