import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../../../agent-console/src');
const folders = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name === 'words')
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((folder) => existsSync(join(folder, 'zh-CN.json')));

type Words = Record<string, string>;
const read = (folder: string, language: string): Words =>
  JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Words;
const base = (key: string): string => key.replace(/_(one|other)$/, '');
const keysOf = (words: Words): string[] => [...new Set(Object.keys(words).map(base))].sort();

function placeholders(words: Words): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words)
      .filter(([key]) => !key.endsWith('_one'))
      .map(([key, text]) => [
        base(key),
        [...text.matchAll(/{{(\w+)}}/g)]
          .map(([, name]) => name)
          .sort()
          .join(),
      ]),
  );
}

test('the console has dictionaries', () => {
  expect(folders.length).toBeGreaterThan(2);
});

test.each(
  folders.flatMap((folder) => ['zh-TW', 'en'].map((language) => [folder.slice(root.length), language])),
)('%s says the same things in %s as in Chinese', (path, language) => {
  const [chinese, other] = [read(root + path, 'zh-CN'), read(root + path, language)];
  expect(keysOf(other)).toEqual(keysOf(chinese));
  expect(placeholders(other)).toEqual(placeholders(chinese));
  expect(Object.entries(other).filter(([, text]) => text.trim() === '')).toEqual([]);
});
