import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { isViewName, type ViewName } from './store/views';

const route = getRouteApi('/shell/inbox');

export interface Selection {
  view: ViewName;
  /** The open conversation. */
  open: string | null;
  search: string;
  select: (id: string | null, how?: { replace?: boolean }) => void;
  show: (view: ViewName) => void;
  searchFor: (text: string) => void;
}

/** What is shown stands in the address: it can be shared, and the browser's back works. */
export function useSelection(): Selection {
  const { view, c, q } = route.useSearch();
  const navigate = useNavigate();
  const select = useCallback(
    (id: string | null, { replace = false } = {}) =>
      void navigate({ to: '/inbox', search: (before) => ({ ...before, c: id ?? undefined }), replace }),
    [navigate],
  );
  const show = useCallback(
    (next: ViewName) => void navigate({ to: '/inbox', search: (before) => ({ c: before.c, view: next }) }),
    [navigate],
  );
  const searchFor = useCallback(
    (text: string) =>
      void navigate({
        to: '/inbox',
        search: (before) => ({ ...before, q: text || undefined }),
        replace: true,
      }),
    [navigate],
  );
  return {
    view: isViewName(view) ? view : 'mine',
    open: c ?? null,
    search: q ?? '',
    select,
    show,
    searchFor,
  };
}
