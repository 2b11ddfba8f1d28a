import { useEffect, useRef } from 'react';
import { ErrorState, Skeleton } from '../../../ui/states';
import { useQuery } from '@tanstack/react-query';
import { Composer } from '../composer/composer';
import { conversations, seen, threads, useConversation, useThread } from '../store/inbox';
import { tellViewing } from '../store/presence';
import { ThreadHeader } from './thread-header';
import { OtherViewers } from './other-viewers';
import { ThreadLog } from './thread-log';

interface Props {
  id: string;
  onBack: () => void;
  onContext: () => void;
}

/** One conversation: who it is, what was said, and where to answer. */
export function ThreadPane({ id, onBack, onContext }: Props) {
  const row = useConversation(id);
  const thread = useThread(id);
  // Read once when it is opened, for what the list's row does not tell; the feed keeps it current.
  const detail = useQuery({
    queryKey: ['conversation', id],
    staleTime: Infinity,
    queryFn: () => conversations.fetch(id),
  });
  useEffect(() => void threads.open(id), [id]);
  useEffect(() => {
    tellViewing(id);
    return () => tellViewing(null);
  }, [id]);
  useMarkSeen(id, row?.lastSeq ?? 0);
  useLeaveWhenGone(id, row !== undefined, onBack);

  if (!row && detail.error) return <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />;
  if (!row) return <Skeleton lines={5} />;
  return (
    <div className="flex h-full min-w-0 flex-col bg-page">
      <ThreadHeader row={row} onBack={onBack} onContext={onContext} />
      {thread.state === 'failed' && thread.messages.length === 0 ? (
        <ErrorState error={thread.error} onRetry={() => void threads.open(id)} />
      ) : thread.state !== 'ready' && thread.messages.length === 0 ? (
        <Skeleton lines={6} className="flex-1" />
      ) : (
        <ThreadLog key={id} row={row} thread={thread} />
      )}
      <OtherViewers conversationId={id} />
      <Composer key={`composer-${id}`} row={row} />
    </div>
  );
}

/** Who loses sight of what they look at has nothing to look at. */
function useLeaveWhenGone(id: string, isThere: boolean, leave: () => void): void {
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (shown.current === id && !isThere) leave();
    shown.current = isThere ? id : null;
  }, [id, isThere, leave]);
}

/** What is on the screen of someone who looks has been seen. */
function useMarkSeen(id: string, lastSeq: number): void {
  useEffect(() => {
    const mark = () => void (!document.hidden && seen.markSeen(id, lastSeq));
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [id, lastSeq]);
}
