import { Button } from './button';
import { useUiWords } from './words';

export interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The last row of a list that has a further page; nothing where it has none. */
export function LoadMore({ pages }: { pages: Pages }) {
  const t = useUiWords();
  if (!pages.hasNextPage) return null;
  return (
    <div className="flex justify-center border-t border-line p-2">
      <Button
        size="small"
        tone="ghost"
        busy={pages.isFetchingNextPage}
        onClick={() => void pages.fetchNextPage()}
      >
        {t('loadMore')}
      </Button>
    </div>
  );
}
