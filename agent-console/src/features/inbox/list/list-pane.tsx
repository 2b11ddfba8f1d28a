import { ChevronDown, Search, X } from 'lucide-react';
import { type RefObject, useEffect } from 'react';
import { Menu, MenuChoice } from '../../../ui/menu';
import { Button } from '../../../ui/button';
import { EmptyState, ErrorState, Skeleton } from '../../../ui/states';
import { Kbd } from '../../../ui/kbd';
import { conversations, useListing } from '../store/inbox';
import { type ViewName, viewNames } from '../store/views';
import type { Selection } from '../use-selection';
import { useWords } from '../words';
import { RowList } from './row-list';
import { countText, useCounts } from './use-counts';
import { useSearch } from './use-search';
import { viewIcons } from './views-pane';

interface Props {
  selection: Selection;
  searchRef: RefObject<HTMLInputElement | null>;
}

export function ListPane({ selection, searchRef }: Props) {
  const t = useWords();
  const { view, search, searchFor } = selection;
  return (
    <section aria-label={t('conversations')} className="flex h-full min-w-0 flex-col bg-panel">
      <div className="flex shrink-0 flex-col gap-2 border-b border-line p-3">
        <div className="min-[1180px]:hidden">
          <ViewMenu view={view} onShow={selection.show} />
        </div>
        <label className="flex h-9 items-center gap-2 rounded-lg bg-raised px-2.5 ring-1 ring-line ring-inset focus-within:ring-2 focus-within:ring-accent">
          <Search className="size-4 shrink-0 text-muted" aria-hidden />
          <input
            ref={searchRef}
            type="search"
            value={search}
            aria-label={t('search')}
            placeholder={t('searchHint')}
            onChange={(event) => searchFor(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              searchFor('');
              event.currentTarget.blur();
            }}
            className="min-w-0 flex-1 bg-transparent outline-none [&::-webkit-search-cancel-button]:hidden"
          />
          {search ? (
            <button
              type="button"
              aria-label={t('clearSearch')}
              onClick={() => searchFor('')}
              className="text-muted"
            >
              <X className="size-4" aria-hidden />
            </button>
          ) : (
            <span className="hidden md:inline">
              <Kbd>/</Kbd>
            </span>
          )}
        </label>
      </div>
      {search.trim() === '' ? <ViewRows selection={selection} /> : <FoundRows selection={selection} />}
    </section>
  );
}

function ViewMenu({ view, onShow }: { view: ViewName; onShow: (view: ViewName) => void }) {
  const t = useWords();
  const counts = useCounts();
  const Icon = viewIcons[view];
  return (
    <Menu
      align="start"
      trigger={
        <Button className="w-full justify-start" icon={<Icon className="size-4 text-muted" aria-hidden />}>
          <span className="flex-1 text-left">{t(`view.${view}`)}</span>
          <span className="tabular text-xs text-muted">{countText(counts[view])}</span>
          <ChevronDown className="size-4 text-muted" aria-hidden />
        </Button>
      }
    >
      {viewNames.map((name) => (
        <MenuChoice key={name} chosen={name === view} onSelect={() => onShow(name)}>
          {t(`view.${name}`)} <span className="tabular text-xs text-muted">{countText(counts[name])}</span>
        </MenuChoice>
      ))}
    </Menu>
  );
}

function ViewRows({ selection }: { selection: Selection }) {
  const t = useWords();
  const { view } = selection;
  const { ids, state, error, nextCursor } = useListing(view);
  useEffect(() => void conversations.open(view), [view]);
  if (ids.length > 0)
    return (
      <RowList
        key={view}
        ids={ids}
        selection={selection}
        onEnd={nextCursor ? () => void conversations.more(view) : undefined}
      />
    );
  if (state === 'failed') return <ErrorState error={error} onRetry={() => void conversations.open(view)} />;
  if (state !== 'ready') return <Skeleton lines={6} />;
  const Icon = viewIcons[view];
  const next = view === 'mine' && <Button onClick={() => selection.show('queue')}>{t('goToQueue')}</Button>;
  return (
    <EmptyState
      icon={<Icon aria-hidden />}
      title={t(`empty.${view}`)}
      hint={t(`emptyHint.${view}`)}
      action={next}
    />
  );
}

function FoundRows({ selection }: { selection: Selection }) {
  const t = useWords();
  const found = useSearch(selection.search);
  if (found?.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (!found?.data) return <Skeleton lines={4} />;
  if (found.data.length > 0) return <RowList ids={found.data} selection={selection} showStatus />;
  return <EmptyState icon={<Search aria-hidden />} title={t('nothingFound')} hint={t('nothingFoundHint')} />;
}
