import type { Connection } from 'mongoose';
import type { Clock } from '../platform/clock';
import { handlers } from '../platform/http/api';
import type { Coordination } from '../platform/coordination';
import type { Logger } from '../platform/log';
import { readArticleFiles } from './article-files';
import { Articles } from './articles';
import { ArticleRetriever, thresholds } from './retriever';

interface Parts {
  connection: Connection;
  clock: Clock;
  coordination: Coordination;
  log: Logger;
}
export type Knowledge = ReturnType<typeof createKnowledge>;

/** Articles, and finding the one that answers. */
export function createKnowledge({ connection, clock, coordination, log }: Parts) {
  const changed = () => {
    coordination.signals.send('relay', 'articles');
    coordination.signals.send('articles');
  };
  const articles = new Articles(connection, clock, changed);
  const retriever = new ArticleRetriever();
  const reload = async () => {
    const rows = await articles.enabled();
    retriever.load(
      rows.map(({ _id, title, variants, language, body, tags }) => ({
        id: _id,
        title,
        variants,
        language,
        body,
        tags,
      })),
    );
  };
  coordination.signals.on('articles', () => {
    reload().catch((error: unknown) => log.warn({ err: error }, 'knowledge: cannot read the articles again'));
  });
  return {
    articles,
    retriever,
    reload,
    /** Imports the files and builds the index. A file with a problem is left out and told of. */
    async load(folder: string): Promise<void> {
      const { files, problems } = readArticleFiles(folder);
      for (const { file, message } of problems)
        log.error({ file, problem: message }, 'knowledge: article left out');
      await articles.import(files);
      await reload();
    },
    handlers: handlers({
      listArticles: async ({ query }) => articles.list(query()),
      async searchArticles({ query }) {
        const { q, limit } = query();
        const found = retriever.rank(q, null, limit);
        const items = await Promise.all(
          found.map(async ({ articleId, confidence }) => ({
            article: await articles.get(articleId),
            confidence,
          })),
        );
        const best = found[0]?.confidence ?? 0;
        return {
          items,
          nextCursor: null,
          decision: best >= thresholds.answer ? 'answer' : best >= thresholds.offer ? 'clarify' : 'miss',
        };
      },
      getArticle: async ({ params }) => articles.get(params.id),
      createArticle: async ({ body, session }) => articles.create(body(), session.viewer.agentId),
      async changeArticle({ params, body, session }) {
        await articles.get(params.id);
        const { version, ...change } = body();
        return articles.change(params.id, change, session.viewer.agentId, version);
      },
    }),
  };
}
