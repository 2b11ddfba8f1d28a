import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArticleFiles } from '../../../src/knowledge/article-files';
import { evaluate, type Question } from '../../../src/knowledge/evaluation';
import { normalise } from '../../../src/platform/text/normalise';

const folder = join(__dirname, '../../../knowledge-base');
const { files, problems } = readArticleFiles(folder);
const articles = files.map(({ path, ...article }) => ({ ...article, id: path }));
const questions = readFileSync(join(folder, 'questions.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Question);

test('there are at least 40 articles in both languages, and all can be read', () => {
  expect(problems).toEqual([]);
  for (const language of ['zh-CN', 'en'])
    expect(articles.filter((article) => article.language === language).length).toBeGreaterThan(30);
});

test('the questions are paraphrases: none is a title or a variant', () => {
  const bare = (text: string) => normalise(text).replace(/[^\p{L}\p{N}]/gu, '');
  const known = new Set(articles.flatMap(({ title, variants }) => [title, ...variants].map(bare)));
  expect(questions.filter(({ query }) => known.has(bare(query)))).toEqual([]);
});

test('it answers as well as it is meant to', () => {
  const result = evaluate(articles, questions, (id, expected) => id.endsWith(`/${expected}`));
  expect([result.inScope, result.outOfScope]).toEqual([60, 20]);
  expect(result.top3).toBeGreaterThanOrEqual(0.85);
  expect(result.answeredDirectly).toBeGreaterThanOrEqual(0.75);
  expect(result.wrongDirect).toBeLessThanOrEqual(0.05);
});
