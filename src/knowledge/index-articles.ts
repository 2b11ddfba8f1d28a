import { isCommonWord } from '../platform/text/common-words';
import { normalise } from '../platform/text/normalise';
import { withoutPoliteness } from '../platform/text/politeness';
import { tokensOf, type Tokens } from '../platform/text/tokens';
import { largest, Sparse } from './sparse';

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
  articles: Sparse;
  /** Its share of each wording's unit vector. */
  wordings: Sparse;
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
    for (const posting of this.postings.values()) posting.idf = this.idfOf(posting.articles.size);
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
    const scores = this.scores(query);
    const best = largest(scores, Math.max(2, limit * 2));
    const scoreOf = (position: number | undefined) => (position === undefined ? 0 : (scores[position] ?? 0));
    // How far ahead of the next other answer it is; only the first leads.
    const lead = scoreOf(best[0]) - scoreOf(best[1]);
    return best
      .slice(0, limit * 2)
      .map((position, place) =>
        this.candidate(position, scoreOf(position) + (place === 0 ? 0.7 * lead : 0), language, most),
      )
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, limit);
  }

  /** Of each article, how well it fits; zero where it has nothing of the question. */
  private scores(query: Weighed): Float64Array {
    const near = this.nearest(query);
    const scores = this.coverage(query);
    for (let position = 0; position < scores.length; position++) {
      const share = scores[position] as number;
      scores[position] = share > 0 ? 0.6 * share + 0.4 * (near[position] as number) : 0;
    }
    return scores;
  }

  /** Of each article, how much of the question it has. */
  private coverage(query: Weighed): Float64Array {
    const covered = new Float64Array(this.articles.length);
    let mass = 0;
    for (const { key, weight } of query) {
      const posting = this.postings.get(key);
      const most = weight * (posting ? posting.idf : unknownShare * Math.log(1 + this.articles.length));
      mass += most;
      posting?.articles.addTo(covered, most);
    }
    for (let position = 0; position < covered.length; position++)
      covered[position] = (covered[position] as number) / mass;
    return covered;
  }

  /** Of each article, how close its nearest wording is. */
  private nearest(query: Weighed): Float64Array {
    const cosines = new Float64Array(this.articleOf.length);
    for (const { key, share } of this.unit(query)) this.postings.get(key)?.wordings.addTo(cosines, share);
    const near = new Float64Array(this.articles.length);
    for (let wording = 0; wording < cosines.length; wording++) {
      const position = this.articleOf[wording] as number;
      near[position] = Math.max(near[position] as number, cosines[wording] as number);
    }
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

  private post(key: string, position: number, strength: number): void {
    const posting = this.postings.get(key) ?? { idf: 0, articles: new Sparse(), wordings: new Sparse() };
    posting.articles.put(position, strength);
    this.postings.set(key, posting);
  }

  private addWording(article: number, text: string): void {
    const wording = this.articleOf.push(article) - 1;
    for (const { key, share } of this.unit(weighed(tokensOf(text))))
      this.postings.get(key)?.wordings.put(wording, share);
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
