import { useQuery } from '@tanstack/react-query';
import { mostCounted } from '../../../../../src/domain/conversation';
import { call } from '../../../lib/api';
import type { ViewName } from '../store/views';

/** How many each view holds. Read anew, at most once a second, when any conversation changes. */
export function useCounts(): Partial<Record<ViewName, number>> {
  const { data } = useQuery({
    queryKey: ['conversations', 'counts'],
    queryFn: ({ signal }) => call('GET /conversations/counts', { signal }),
  });
  if (!data) return {};
  const { mine, queued, bot, snoozed, unclosed } = data;
  return { mine, queue: queued, bot, all: unclosed, snoozed };
}

/** As badges say it: the server counts no farther than people read. */
export const countText = (count: number | undefined): string | undefined =>
  count === undefined || count < mostCounted ? count?.toString() : `${mostCounted - 1}+`;
