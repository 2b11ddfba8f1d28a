import { build } from 'esbuild';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unbundled } from '../../../../src/cli/bench/path/unbundled';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'parley-unbundled-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a function of a bundle is shown in the file in which it was written', async () => {
  mkdirSync(join(folder, 'src/bson'), { recursive: true });
  writeFileSync(join(folder, 'src/bson/sum.ts'), '\n\nexport function sum() {\n  return 1;\n}\n');
  writeFileSync(join(folder, 'src/worker.ts'), `import { sum } from './bson/sum';\nconsole.log(sum());\n`);
  await build({
    absWorkingDir: folder,
    entryPoints: ['src/worker.ts'],
    outdir: 'dist',
    format: 'cjs',
    sourcemap: true,
    bundle: true,
  });
  const file = join(folder, 'dist/worker.js');
  const lines = readFileSync(file, 'utf8').split('\n');
  const lineNumber = lines.findIndex((line) => line.startsWith('function sum'));
  const here = { functionName: 'sum', url: file, lineNumber, columnNumber: 'function sum'.length };
  const elsewhere = { functionName: 'write', url: 'node:net', lineNumber: 7, columnNumber: 1 };
  const profile = {
    nodes: [
      { id: 1, callFrame: here },
      { id: 2, callFrame: elsewhere },
    ],
    samples: [],
    timeDeltas: [],
  };
  expect(unbundled(profile).nodes.map(({ callFrame }) => [callFrame.url, callFrame.lineNumber])).toEqual([
    [join(folder, 'dist/bson/sum.ts'), 2],
    ['node:net', 7],
  ]);
});
