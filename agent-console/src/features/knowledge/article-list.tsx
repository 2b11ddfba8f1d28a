import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ArticleView } from '../../../../src/contract/knowledge';
import { call } from '../../lib/api';
import { shortTime } from '../../lib/time';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Loaded } from '../../ui/loaded';
import { EmptyState } from '../../ui/states';
import { useUiWords } from '../../ui/words';
import { asPercent } from './languages';
import { useWords } from './words';

interface Props {
  q?: string;
  language?: ArticleView['language'];
  onClear: () => void;
}

/** All articles, or with words to look for the bot's own ranking: what it finds is what customers get. */
export function ArticleList({ q, language, onClear }: Props) {
  return q ? <Found q={q} language={language} onClear={onClear} /> : <All language={language} />;
}

function All({ language }: Pick<Props, 'language'>) {
  const t = useWords();
  const ui = useUiWords();
  const query = useInfiniteQuery({
    queryKey: ['articles', 'list', { language }],
    queryFn: ({ signal, pageParam }) =>
      call('GET /articles', { query: { language, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  return (
    <Loaded query={query} lines={8}>
      {({ pages }) => {
        const articles = pages.flatMap(({ items }) => items);
        if (articles.length === 0) return <EmptyState title={t('empty')} hint={t('emptyHint')} />;
        return (
          <>
            <Rows rows={articles.map((article) => ({ article }))} />
            {query.hasNextPage && (
              <Button
                tone="ghost"
                className="self-center"
                busy={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {ui('loadMore')}
              </Button>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Found({ q = '', language, onClear }: Props) {
  const t = useWords();
  const query = useQuery({
    queryKey: ['articles', 'search', q],
    queryFn: ({ signal }) => call('GET /articles/search', { query: { q, limit: 20 }, signal }),
  });
  return (
    <Loaded query={query} lines={5}>
      {({ items }) => {
        const rows = items.filter(({ article }) => !language || article.language === language);
        if (rows.length > 0) return <Rows rows={rows} />;
        const clear = <Button onClick={onClear}>{t('clear')}</Button>;
        return <EmptyState title={t('noMatch', { q })} hint={t('noMatchHint')} action={clear} />;
      }}
    </Loaded>
  );
}

function Rows({ rows }: { rows: { article: ArticleView; confidence?: number }[] }) {
  const t = useWords();
  return (
    <ul
      aria-label={t('title')}
      className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-panel shadow-card"
    >
      {rows.map(({ article, confidence }) => (
        <li key={article.id}>
          <Row article={article} confidence={confidence} />
        </li>
      ))}
    </ul>
  );
}

function Row({ article, confidence }: { article: ArticleView; confidence?: number }) {
  const t = useWords();
  const { id, title, body, language, tags, variants, enabled, editedAt, updatedAt } = article;
  return (
    <Link
      to="/knowledge/$articleId"
      params={{ articleId: id }}
      className="flex gap-4 px-4 py-3 outline-offset-[-2px]! hover:bg-hover"
    >
      <span className="min-w-0 flex-1">
        <span className="block font-medium break-words">{title}</span>
        <span className="mt-0.5 line-clamp-2 text-[13px] text-muted">{body}</span>
        <span className="mt-2 flex flex-wrap items-center gap-1.5">
          <Badge>{t(`language.${language}`)}</Badge>
          {!enabled && <Badge tone="warn">{t('off')}</Badge>}
          {editedAt && <Badge tone="accent">{t('edited')}</Badge>}
          {tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
          <span className="text-xs text-muted">{t('variantsCount', { count: variants.length })}</span>
        </span>
      </span>
      <span className="tabular shrink-0 text-right text-xs text-muted">
        {confidence === undefined ? (
          <time dateTime={updatedAt}>{shortTime(updatedAt)}</time>
        ) : (
          <span className="text-[13px] font-medium text-ink">
            {t('match', { percent: asPercent(confidence) })}
          </span>
        )}
      </span>
    </Link>
  );
}
