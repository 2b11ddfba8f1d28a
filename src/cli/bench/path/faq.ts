import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As many as in the published comparisons that we set ourselves beside. */
export const articleCount = 200;

const syllables = ['bra', 'cel', 'dor', 'fin', 'gam', 'hul', 'jor', 'kel', 'lum', 'mar', 'nol', 'pex', 'quo', 'rin', 'sul', 'tam', 'ulb', 'vex', 'wom', 'zan']; // prettier-ignore

/** Three invented words for each article, so that every question has one right answer. */
function productOf(article: number): string {
  const syllable = (at: number) => syllables[at % syllables.length] ?? '';
  const [low, high] = [article % 20, Math.floor(article / 20)];
  return [
    `${syllable(low)}${syllable(high + 3)}ol`,
    `${syllable(high)}${syllable(low + 7)}er`,
    `${syllable(low + 11)}${syllable(high + 5)}in`,
  ].join(' ');
}

export const questionOf = (article: number): string => `How do I clean the ${productOf(article)}?`;

export function writeArticles(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let article = 0; article < articleCount; article++) {
    const answer = `Answer ${article}: wipe the ${productOf(article)} with a soft cloth and lukewarm water, and let it dry before you use it again.`;
    writeFileSync(
      join(folder, `article-${article}.md`),
      `---\ntitle: '${questionOf(article)}'\nlanguage: en\n---\n\n${answer}\n`,
    );
  }
}

/** Which article a reply is; -1 for anything else. */
export const articleIn = (text: string): number => Number(/^Answer (\d+):/.exec(text)?.[1] ?? -1);
