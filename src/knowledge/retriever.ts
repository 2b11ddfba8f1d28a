import { Document } from '@langchain/core/documents';
import { BaseRetriever } from '@langchain/core/retrievers';
import { ArticleIndex, type Askable, type Candidate } from './index-articles';

/** From here on the bot answers by itself; from the lower one on it offers. */
export const thresholds = { answer: 0.6, offer: 0.15 };

/** The knowledge base as a LangChain retriever. The index is built aside and swapped at once. */
export class ArticleRetriever extends BaseRetriever {
  lc_namespace = ['parley', 'knowledge'];
  private index = new ArticleIndex([]);
  private byId = new Map<string, Askable>();

  load(articles: Askable[]): void {
    const index = new ArticleIndex(articles);
    this.byId = new Map(articles.map((article) => [article.id, article]));
    this.index = index;
  }

  /** Best first. */
  rank(question: string, language: string | null, limit = 10): Candidate[] {
    return this.index.rank(question, language, limit);
  }

  article(id: string): Askable | null {
    return this.byId.get(id) ?? null;
  }

  override async _getRelevantDocuments(query: string): Promise<Document[]> {
    return this.rank(query, null).map(({ articleId, title, language, confidence }) => {
      const pageContent = this.byId.get(articleId)?.body ?? '';
      return new Document({
        id: articleId,
        pageContent,
        metadata: { articleId, title, language, confidence },
      });
    });
  }
}
