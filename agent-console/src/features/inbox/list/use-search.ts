import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from '../../../lib/api';
import { conversations } from '../store/inbox';

/** Conversations that the server finds for a text of one character or more; null while nothing is sought. */
export function useSearch(text: string) {
  const sought = useSettled(text.trim(), 180);
  const query = useQuery({
    queryKey: ['conversations', 'search', sought],
    enabled: sought !== '',
    placeholderData: keepPreviousData,
    async queryFn({ signal }) {
      const { items } = await call('GET /conversations', { query: { q: sought, limit: 50 }, signal });
      for (const row of items) conversations.put(row);
      return items.map(({ id }) => id);
    },
  });
  return sought === '' ? null : query;
}

/** The value once it has stood still. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
