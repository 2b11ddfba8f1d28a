import { isCommonWord } from '../platform/text/common-words';
import { normalise } from '../platform/text/normalise';
import { withoutPoliteness } from '../platform/text/politeness';
import { tokensOf, type Tokens } from '../platform/text/tokens';

export interface Askable {
  id: string;
  title: string;
  variants: string[];
  language: string;
  body: string;
  tags: string[];
}

export interface Candidate {
  articleId: string;
  title: string;
  language: string;
  /** 0…1: how sure we are that this answers the question. */
  confidence: number;
}

type Group = keyof Tokens;
/** Each token once, with how much its kind says. */
type Weighed = { key: string; weight: number }[];

/** What a token points to: the articles that have it, and the wordings (titles and variants). */
interface Posting {
  /** How rare it is among the articles. */
  idf: number;
  /** How strongly each article has it, by position. */
  articles: { position: number; strength: number }[];
  /** Its share of each wording's unit vector. */
  wordings: { wording: number; value: number }[];
}

/** How much each kind of token says, measured on Chinese and English questions apart from the articles. */
const weights: Record<Group, number> = { words: 1, unigrams: 0.7, bigrams: 0.7, pieces: 0.25 };
const groups = Object.keys(weights) as Group[];
/** The answer's own words help to find it, and say little about the question. */
const bodyWeight = 0.3;
/** A word that no article has counts as this much of the rarest known one. */
const unknownShare = 0.75;
const mostWithoutTopic = 0.5;

/**
 * Ranks articles by two views: how much of the question the article covers with all its wordings together (weighed by
 * rarity, over the question's own mass), and how close the nearest wording is (cosine). Both lie in 0…1 whatever the
 * question's length, so one threshold fits all.
 */
export class ArticleIndex {
  private readonly postings = new Map<string, Posting>();
  /** The article of each wording. */
  private readonly articleOf: number[] = [];

  constructor(private readonly articles: Askable[]) {
    articles.forEach((article, position) => this.cover(position, article));
    for (const posting of this.postings.values()) posting.idf = this.idfOf(posting.articles.length);
    articles.forEach(({ title, variants }, position) => {
      for (const text of [title, ...variants]) this.addWording(position, text);
    });
  }

  /** Best first. `language`: its articles come before the same answer in another one. */
  rank(question: string, language: string | null, limit = 10): Candidate[] {
    const tokens = tokensOf(withoutPoliteness(normalise(question)));
    const query = weighed(tokens);
    // "What time is it?" has no word that tells a topic: at most an offer.
    const most = [...tokens.words, ...tokens.unigrams].every(isCommonWord) ? mostWithoutTopic : 1;
    const near = this.nearest(query);
    const covered = this.coverage(query);
    const scored: { position: number; score: number }[] = [];
    covered.forEach((share, position) => {
      if (share > 0) scored.push({ position, score: 0.6 * share + 0.4 * (near[position] ?? 0) });
    });
    scored.sort((a, b) => b.score - a.score);
    return scored
      .slice(0, limit * 2)
      .map(({ position, score }) =>
        this.candidate(position, score + 0.7 * this.lead(scored, position), language, most),
      )
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, limit);
  }

  /** How far ahead of the next other answer it is; only the first leads. */
  private lead(scored: { position: number; score: number }[], position: number): number {
    const [first, ...others] = scored;
    if (!first || first.position !== position) return 0;
    return first.score - (others[0]?.score ?? 0);
  }

  /** Of each article, how much of the question it has. */
  private coverage(query: Weighed): Float64Array {
    const covered = new Float64Array(this.articles.length);
    let mass = 0;
    for (const { key, weight } of query) {
      const posting = this.postings.get(key);
      const most = weight * (posting ? posting.idf : unknownShare * Math.log(1 + this.articles.length));
      mass += most;
      for (const { position, strength } of posting?.articles ?? [])
        covered[position] = (covered[position] ?? 0) + strength * most;
    }
    return covered.map((score) => score / mass);
  }

  /** Of each article, how close its nearest wording is. */
  private nearest(query: Weighed): Float64Array {
    const cosines = new Float64Array(this.articleOf.length);
    for (const { key, share } of this.unit(query))
      for (const { wording, value } of this.postings.get(key)?.wordings ?? [])
        cosines[wording] = (cosines[wording] ?? 0) + share * value;
    const near = new Float64Array(this.articles.length);
    this.articleOf.forEach((position, wording) => {
      near[position] = Math.max(near[position] ?? 0, cosines[wording] ?? 0);
    });
    return near;
  }

  private candidate(position: number, score: number, language: string | null, most: number): Candidate {
    const article = this.articles[position] as Askable;
    const isOwn = !language || article.language.slice(0, 2) === language.slice(0, 2);
    // Another language can only be an offer.
    const confidence = Math.min(isOwn ? 1 : 0.5, most, sharpen(score));
    return { articleId: article.id, title: article.title, language: article.language, confidence };
  }

  private cover(position: number, article: Askable): void {
    const wordings = [article.title, ...article.variants].join('\n');
    for (const { key } of weighed(tokensOf(article.body))) this.post(key, position, bodyWeight);
    for (const { key } of weighed(tokensOf(wordings))) this.post(key, position, 1);
  }

  /** Articles come one after the other: what this one has already is the last. */
  private post(key: string, position: number, strength: number): void {
    const posting: Posting = this.postings.get(key) ?? { idf: 0, articles: [], wordings: [] };
    const last = posting.articles.at(-1);
    if (last?.position === position) last.strength = Math.max(last.strength, strength);
    else posting.articles.push({ position, strength });
    this.postings.set(key, posting);
  }

  private addWording(article: number, text: string): void {
    const wording = this.articleOf.push(article) - 1;
    for (const { key, share } of this.unit(weighed(tokensOf(text))))
      this.postings.get(key)?.wordings.push({ wording, value: share });
  }

  /** The tokens as a vector of length 1. */
  private unit(tokens: Weighed): { key: string; share: number }[] {
    const vector = tokens.map(({ key, weight }) => ({
      key,
      share: weight * (this.postings.get(key)?.idf ?? this.idfOf(0)),
    }));
    const norm = Math.sqrt(vector.reduce((sum, { share }) => sum + share * share, 0)) || 1;
    for (const one of vector) one.share /= norm;
    return vector;
  }

  private idfOf(articles: number): number {
    return Math.log(1 + this.articles.length / (0.5 + articles));
  }
}

/** Spreads the middle, where answers and offers part. */
const sharpen = (score: number): number => 1 / (1 + Math.exp(-11 * (score - 0.345)));

/** A common word counts for this much of another. */
const commonShare = 0.2;

function weighed(tokens: Tokens): Weighed {
  return groups.flatMap((group) =>
    [...new Set(tokens[group])].map((token) => ({
      key: `${group}:${token}`,
      weight: weights[group] * (isCommonToken(group, token) ? commonShare : 1),
    })),
  );
}

/** Pieces of common words are common too, and so are pairs of them. */
function isCommonToken(group: Group, token: string): boolean {
  if (group === 'pieces') return isCommonWord(token.replace(/[\^$]/g, ''));
  if (group === 'bigrams' && token.includes(' ')) return token.split(' ').every(isCommonWord);
  if (group === 'bigrams') return isCommonWord(token) || [...token].every(isCommonWord);
  return isCommonWord(token);
}
