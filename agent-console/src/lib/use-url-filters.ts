import { useNavigate, useSearch } from '@tanstack/react-router';

type Filters = Record<string, string | undefined>;

/** Filters live in the address: going back, reloading and sharing a link keep them. */
export function useUrlFilters(): [Filters, (change: Filters) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const filters = Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [],
    ),
  );
  const change = (next: Filters) => {
    const given = Object.entries({ ...filters, ...next }).filter(([, value]) => value);
    void navigate({ to: '.', search: Object.fromEntries(given) as never, replace: true });
  };
  return [filters, change];
}
