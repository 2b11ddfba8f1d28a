import { useQuery } from '@tanstack/react-query';
import type { ConversationView } from '../../../../src/contract/conversations';
import { call } from '../../lib/api';

/** 1 is next; null when it does not wait. Asked anew when the queue moves. */
export function useQueuePosition({ id, status }: ConversationView): number | null {
  const { data } = useQuery({
    queryKey: ['conversations', 'position', id],
    enabled: status === 'queued',
    queryFn: ({ signal }) => call('GET /conversations/:id', { params: { id }, signal }),
  });
  return status === 'queued' ? (data?.queuePosition ?? null) : null;
}
