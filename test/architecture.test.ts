import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** A folder imports itself and the folders before it. */
const order = [
  'domain', 'contract', 'platform', 'channels', 'crm', 'messages', 'knowledge', 'desk', 'bot', 'pipeline',
  'listening', 'commerce', 'campaigns', 'reports',
]; // prettier-ignore
const sandboxMayImport = ['sandbox', 'domain', 'contract', 'platform'];

interface Import {
  from: string;
  to: string;
  isPackage: boolean;
}

const root = resolve(__dirname, '..');
const serverFiles = sourcesBelow('src');
const imports = serverFiles.flatMap(importsOf);

const roomOf = (file: string): string => {
  const [, first = '', second] = file.split('/');
  return second === undefined ? first.replace(/\.ts$/, '') : first;
};

test('a folder imports only itself and the folders before it', () => {
  const wrong = imports.filter(({ from, to, isPackage }) => {
    const [fromRoom, toRoom] = [order.indexOf(roomOf(from)), order.indexOf(roomOf(to))];
    return !isPackage && fromRoom >= 0 && (toRoom < 0 || toRoom > fromRoom);
  });
  expect(wrong.map(arrow)).toEqual([]);
});

test('only main and the commands import the composition root', () => {
  const wrong = imports.filter(
    ({ from, to }) => to === 'src/app.ts' && !['main', 'cli'].includes(roomOf(from)),
  );
  expect(wrong.map(arrow)).toEqual([]);
});

test('nobody imports the commands', () => {
  const wrong = imports.filter(({ from, to }) => to.startsWith('src/cli/') && roomOf(from) !== 'cli');
  expect(wrong.map(arrow)).toEqual([]);
});

test('the sandbox shares no code with the adapters', () => {
  const inside = imports.filter(({ from, isPackage }) => roomOf(from) === 'sandbox' && !isPackage);
  expect(inside.filter(({ to }) => !sandboxMayImport.includes(roomOf(to))).map(arrow)).toEqual([]);
  const into = imports.filter(
    ({ from, to }) => roomOf(to) === 'sandbox' && !['sandbox', 'cli'].includes(roomOf(from)),
  );
  expect(into.map(arrow)).toEqual([]);
});

test('the domain imports no package and reads no clock', () => {
  const packages = imports.filter(({ from, isPackage }) => roomOf(from) === 'domain' && isPackage);
  expect(packages.map(arrow)).toEqual([]);
  const clocks = serverFiles.filter(
    (file) =>
      roomOf(file) === 'domain' && /\bnew Date\(\)|Date\.now\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(clocks).toEqual([]);
});

test('the contract uses no package but zod', () => {
  const packages = imports.filter(
    ({ from, to, isPackage }) => roomOf(from) === 'contract' && isPackage && to !== 'zod',
  );
  expect(packages.map(arrow)).toEqual([]);
});

test('the console takes from the server only the contract and the domain', () => {
  const wrong = ['agent-console/src', 'agent-console/widget', 'agent-console/sandbox']
    .flatMap(sourcesBelow)
    .flatMap(importsOf)
    .filter(
      ({ to, isPackage }) =>
        !isPackage && to.startsWith('src/') && !['contract', 'domain'].includes(roomOf(to)),
    );
  expect(wrong.map(arrow)).toEqual([]);
});

test("the console's features do not import each other", () => {
  const feature = (file: string) => /^agent-console\/src\/features\/([^/]+)\//.exec(file)?.[1];
  const wrong = sourcesBelow('agent-console/src')
    .flatMap(importsOf)
    .filter(({ from, to }) => feature(from) && feature(to) && feature(from) !== feature(to));
  expect(wrong.map(arrow)).toEqual([]);
});

test('only the configuration reads the environment', () => {
  const readers = serverFiles.filter((file) => /process\.env\b/.test(readFileSync(join(root, file), 'utf8')));
  const allowed = (file: string) =>
    ['config', 'cli', 'main'].includes(file.split('/')[2] ?? '') ||
    /^src\/(main|cli\/|platform\/config\/|sandbox\/main)/.test(file);
  expect(readers.filter((file) => !allowed(file))).toEqual([]);
});

test('files are small: half of them within 150 lines, none over 400', () => {
  const lengths = serverFiles.map((file) => ({
    file,
    lines: readFileSync(join(root, file), 'utf8').split('\n').length,
  }));
  const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(lengths.filter(({ lines }) => lines > 400)).toEqual([]);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(150);
});

function sourcesBelow(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  } catch {
    return [];
  }
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import|require\()\s*\(?'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.map((specifier) =>
    specifier.startsWith('.')
      ? { from: file, to: resolveFile(join(dirname(file), specifier)), isPackage: false }
      : { from: file, to: specifier, isPackage: true },
  );
}

function resolveFile(path: string): string {
  const known = [`${path}.ts`, `${path}.tsx`, `${path}/index.ts`, path].find((candidate) =>
    exists(candidate),
  );
  return known ?? path;
}

function exists(path: string): boolean {
  try {
    readFileSync(join(root, path));
    return true;
  } catch {
    return false;
  }
}

const arrow = ({ from, to }: Import): string => `${from} → ${to}`;
