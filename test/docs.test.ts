import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { readFlow, targetsOf } from '../src/bot/flows/load-flows';
import { step } from '../src/bot/flows/schema';
import { environment } from '../src/platform/config/environment';
import { configFile } from '../src/platform/config/file';

const root = resolve(__dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
const blocksOf = (page: string, language: string) =>
  [...read(page).matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  );

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
  const broken = links.filter((target) => !existsSync(join(root, dirname(page), target)));
  expect(broken).toEqual([]);
});

test.each(pages)('every command of %s is one that there is', (page) => {
  const named = [...read(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, script = '']) => script);
  expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
});

test.each(pages)('every file and folder of ours that %s names is there', (page) => {
  const named = [
    ...read(page).matchAll(/`((?:src|test|docs|flows|knowledge-base|scripts|agent-console)\/[\w./-]*)`/g),
  ];
  const missing = named.map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)));
  expect(missing).toEqual([]);
});

test('every script runs a file that there is', () => {
  const { scripts: all } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const files = Object.values(all).flatMap(
    (command) => command.match(/\b(?:src|scripts)\/[\w./-]+\.m?[jt]s\b/g) ?? [],
  );
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  expect(files.length).toBeGreaterThan(4);
});

test('the README names every environment variable that is read, and no other', () => {
  const table = read('README.md').split('| variable')[1]?.split('\n\n')[0] ?? '';
  const named = [...table.matchAll(/`([A-Z][A-Z_]+)`(?=[,\s|])/g)].map(([, name]) => name);
  const columns = new Set(
    table
      .split('\n')
      .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name)),
  );
  expect([...columns].sort()).toEqual(Object.keys(environment.shape).sort());
  expect(named.length).toBeGreaterThan(0);
});

test("the README's configuration is one that Parley takes", () => {
  const [yaml = ''] = blocksOf('README.md', 'yaml');
  const parsed = configFile.safeParse(parse(yaml));
  expect(parsed.error?.issues).toBeUndefined();
});

test('the desk page shows hours and policies that Parley takes', () => {
  const [yaml = ''] = blocksOf('docs/desk.md', 'yaml');
  expect(configFile.safeParse(parse(yaml)).error?.issues).toBeUndefined();
});

test('the flow of the flows page is one that the runner takes, and the page names every kind of step', () => {
  const [yaml = ''] = blocksOf('docs/flows.md', 'yaml');
  const { flow, messages } = readFlow(yaml);
  expect(messages).toEqual([]);
  expect(Object.values(flow?.steps ?? {}).flatMap(targetsOf).length).toBeGreaterThan(3);
  const kinds = step.options.map((option) => option.shape.kind.value);
  const rows = [...read('docs/flows.md').matchAll(/^\| `(\w+)` /gm)].map(([, kind]) => kind);
  expect(rows.sort()).toEqual([...kinds].sort());
});

test('the channel page names files that the example has', () => {
  const named = [...read('docs/adding-a-channel.md').matchAll(/^\| `(\w+\.ts)`/gm)].map(
    ([, file = '']) => file,
  );
  expect(named.length).toBe(5);
  for (const file of named) expect(existsSync(join(root, 'src/channels/telegram', file))).toBe(true);
});

test('commit messages, pages and code name no machine of ours', () => {
  for (const page of pages) expect([page, /\/work\/|\.\.\/shared/.test(read(page))]).toEqual([page, false]);
});
