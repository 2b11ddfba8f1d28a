import { chineseWords } from './chinese';
import { hanRuns, normalise, otherWords } from './normalise';

/** What a text is compared by, in groups that weigh differently. */
export interface Tokens {
  words: string[];
  /** Single Han characters. */
  unigrams: string[];
  bigrams: string[];
  /** Pieces of words, which forgive a typing error. */
  pieces: string[];
}

/** Stop words stay: questions live on them. */
export function tokensOf(text: string): Tokens {
  const plain = normalise(text.replace(/https?:\/\/\S+/g, ' '));
  const runs = hanRuns(plain);
  const words = otherWords(plain).map(stem);
  return {
    words: [...runs.flatMap((run) => chineseWords(run)).filter((word) => word.length > 1), ...words],
    unigrams: runs.flatMap((run) => [...run]),
    bigrams: [...runs.flatMap((run) => ngrams(run, 2)), ...pairsOf(words)],
    pieces: [...runs.flatMap((run) => ngrams(run, 3)), ...words.flatMap(piecesOf)],
  };
}

function ngrams(text: string, size: number): string[] {
  const characters = [...text];
  return characters
    .slice(0, Math.max(0, characters.length - size + 1))
    .map((_one, index) => characters.slice(index, index + size).join(''));
}

const pairsOf = (words: string[]): string[] => words.slice(1).map((word, index) => `${words[index]} ${word}`);

/** Marked at both ends, so that a beginning is no middle. */
const piecesOf = (word: string): string[] =>
  word.length < 3 ? [] : [3, 4].flatMap((size) => ngrams(`^${word}$`, size));

const irregular: Record<string, string> = {
  paid: 'pay',
  sent: 'send',
  bought: 'buy',
  broken: 'break',
  lost: 'lose',
  got: 'get',
  arrived: 'arriv',
};

/** English endings off: `shipping`, `shipped` and `ships` are one word. */
export function stem(word: string): string {
  const known = irregular[word];
  if (known) return known;
  if (word.length <= 3 || !/^[a-z]+$/.test(word)) return word;
  const bare = word
    .replace(/(ss|us|is)$/, '$1')
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1')
    .replace(/(ing|edly|ed|ly|ment|ation|e)$/, '');
  const rest = bare.length < 3 ? word : bare;
  return rest.replace(/([bdfgmnprt])\1$/, '$1').replace(/y$/, 'i');
}
