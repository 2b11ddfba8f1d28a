import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readArticleFiles } from '../knowledge/article-files';
import { evaluate, type Question } from '../knowledge/evaluation';
import type { Askable } from '../knowledge/index-articles';
import { languageOf } from '../platform/text/language';

const question = z.object({ query: z.string(), expected: z.string(), locale: z.string().optional() });

/** `npm run eval [-- --kb DIR|FILE.csv --queries FILE.jsonl --min 0.75]`: how well the bot answers. */
function main(): void {
  const { values } = parseArgs({
    options: { kb: { type: 'string' }, queries: { type: 'string' }, min: { type: 'string' } },
  });
  const kb = resolve(values.kb ?? 'knowledge-base');
  const articles = statSync(kb).isDirectory() ? fromFolder(kb) : fromCsv(kb);
  const questions = readQuestions(values.queries ?? join(kb, 'questions.jsonl'));
  const result = evaluate(articles, questions, isSameAnswer);
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  console.log(`articles            ${articles.length}`);
  console.log(`questions           ${result.inScope} in scope, ${result.outOfScope} unrelated`);
  console.log(`right first         ${percent(result.top1)}`);
  console.log(`right in first 3    ${percent(result.top3)}`);
  console.log(`answered directly   ${percent(result.answeredDirectly)}`);
  console.log(`answered wrongly    ${percent(result.answeredWrongly)}`);
  console.log(`unrelated answered  ${percent(result.wrongDirect)}`);
  for (const { query, expected, got, confidence } of result.misses)
    console.log(`  ${confidence.toFixed(2)}  ${query}  → ${got} (expected ${expected})`);
  if (values.min && result.answeredDirectly < Number(values.min)) process.exitCode = 1;
}

function fromFolder(folder: string): Askable[] {
  const { files, problems } = readArticleFiles(folder);
  for (const { file, message } of problems) console.error(`${file}: ${message}`);
  return files.map(({ path, ...article }) => ({ ...article, id: path }));
}

/** `text,category`: every category is an article, its texts are the ways to ask. */
function fromCsv(file: string): Askable[] {
  const byCategory = new Map<string, string[]>();
  for (const line of readFileSync(file, 'utf8').split('\n').slice(1)) {
    const cut = line.lastIndexOf(',');
    if (cut < 0) continue;
    const category = line.slice(cut + 1).trim();
    byCategory.set(category, [...(byCategory.get(category) ?? []), line.slice(0, cut).replace(/^"|"$/g, '')]);
  }
  return [...byCategory].map(([id, variants]) => ({
    id,
    title: id.replaceAll('_', ' '),
    variants,
    language: languageOf(variants.join(' '), null),
    body: '',
    tags: [],
  }));
}

function readQuestions(file: string): Question[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => question.parse(JSON.parse(line)));
}

/** The same article in another language is the same answer. */
const isSameAnswer = (id: string, expected: string): boolean =>
  id === expected || id.endsWith(`/${expected}`);

main();
