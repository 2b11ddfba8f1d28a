import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ContactView } from '../../../../src/contract/contacts';
import { call } from '../../lib/api';
import { shortTime } from '../../lib/time';
import { useUrlFilters } from '../../lib/use-url-filters';
import { Avatar } from '../../ui/avatar';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { type Column, DataTable } from '../../ui/data-table';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { EmptyState } from '../../ui/states';
import { TypedSearch } from '../../ui/typed-search';
import { useWords } from './words';

export function CustomersPage() {
  const t = useWords();
  const navigate = useNavigate();
  const [{ q }, change] = useUrlFilters();
  const columns = useColumns();
  const query = useInfiniteQuery({
    queryKey: ['customers', { q }],
    queryFn: ({ signal, pageParam }) =>
      call('GET /contacts', { query: { q, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const clear = <Button onClick={() => change({ q: undefined })}>{t('clear')}</Button>;
  return (
    <Page
      title={t('title')}
      actions={
        <TypedSearch label={t('search')} given={q} onRest={(next) => change({ q: next || undefined })} />
      }
    >
      <Loaded query={query} lines={8}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0)
            return q ? (
              <EmptyState title={t('noMatch', { q })} hint={t('noMatchHint')} action={clear} />
            ) : (
              <EmptyState title={t('empty')} hint={t('emptyHint')} />
            );
          return (
            <DataTable
              label={t('title')}
              columns={columns}
              rows={rows}
              rowKey={({ id }) => id}
              onOpen={({ id }) => void navigate({ to: '/customers/$contactId', params: { contactId: id } })}
              pages={query}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}

function useColumns(): Column<ContactView>[] {
  const t = useWords();
  return [
    {
      key: 'name',
      title: t('name'),
      cell: ({ id, name, company }) => (
        <span className="flex items-center gap-3">
          <Avatar name={name} size="small" />
          <span className="min-w-0">
            <Link
              to="/customers/$contactId"
              params={{ contactId: id }}
              className="font-medium break-words hover:underline"
            >
              {name}
            </Link>
            {company && <span className="block text-xs text-muted">{company}</span>}
          </span>
        </span>
      ),
    },
    {
      key: 'contact',
      title: t('contactBy'),
      from: 'md',
      cell: ({ phone, email }) => (
        <span className="text-muted">{[phone, email].filter(Boolean).join(' · ') || '—'}</span>
      ),
    },
    {
      key: 'tags',
      title: t('tags'),
      from: 'lg',
      cell: ({ tags }) => (
        <span className="flex flex-wrap gap-1">
          {tags.length === 0 ? (
            <span className="text-muted">—</span>
          ) : (
            tags.map((tag) => <Badge key={tag}>{tag}</Badge>)
          )}
        </span>
      ),
    },
    {
      key: 'language',
      title: t('language'),
      from: 'lg',
      cell: ({ language }) => <span className="text-muted">{language ?? '—'}</span>,
    },
    {
      key: 'updated',
      title: t('lastSeen'),
      align: 'end',
      cell: ({ updatedAt }) => (
        <time dateTime={updatedAt} className="whitespace-nowrap text-muted">
          {shortTime(updatedAt)}
        </time>
      ),
    },
  ];
}
