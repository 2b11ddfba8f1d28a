import { languageOf } from '../platform/text/language';
import { ArticleIndex, type Askable } from './index-articles';
import { thresholds } from './retriever';

export interface Question {
  query: string;
  /** An article's id, or `none` for what no article answers. */
  expected: string;
  locale?: string;
}

export interface Evaluation {
  inScope: number;
  outOfScope: number;
  /** Shares of the questions in scope. */
  top1: number;
  top3: number;
  answeredDirectly: number;
  answeredWrongly: number;
  /** Share of unrelated questions that got an answer all the same. */
  wrongDirect: number;
  misses: { query: string; expected: string; got: string | null; confidence: number }[];
}

/** Asks every question and counts. `sameAnswer` tells that two articles are one answer (another language). */
export function evaluate(
  articles: Askable[],
  questions: Question[],
  sameAnswer: (id: string, expected: string) => boolean,
): Evaluation {
  const index = new ArticleIndex(articles);
  const counts = { top1: 0, top3: 0, right: 0, wrong: 0, wrongDirect: 0 };
  const misses: Evaluation['misses'] = [];
  const inScope = questions.filter(({ expected }) => expected !== 'none');
  for (const { query, expected } of questions) {
    const ranked = index.rank(query, languageOf(query, null), 3);
    const best = ranked[0];
    const isDirect = (best?.confidence ?? 0) >= thresholds.answer;
    const isRight = (id: string | undefined) =>
      id !== undefined && expected !== 'none' && sameAnswer(id, expected);
    if (isRight(best?.articleId)) counts.top1++;
    if (ranked.some(({ articleId }) => isRight(articleId))) counts.top3++;
    if (isDirect && isRight(best?.articleId)) counts.right++;
    if (isDirect && expected === 'none') counts.wrongDirect++;
    if (isDirect && expected !== 'none' && !isRight(best?.articleId)) counts.wrong++;
    if (isDirect !== isRight(best?.articleId))
      misses.push({ query, expected, got: best?.articleId ?? null, confidence: best?.confidence ?? 0 });
  }
  const outOfScope = questions.length - inScope.length;
  const share = (count: number, of: number) => (of === 0 ? 0 : count / of);
  return {
    inScope: inScope.length,
    outOfScope,
    top1: share(counts.top1, inScope.length),
    top3: share(counts.top3, inScope.length),
    answeredDirectly: share(counts.right, inScope.length),
    answeredWrongly: share(counts.wrong, inScope.length),
    wrongDirect: share(counts.wrongDirect, outOfScope),
    misses,
  };
}
