import { ArrowDown, LoaderCircle } from 'lucide-react';
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConversationView } from '../../../../../src/contract/conversations';
import { Button } from '../../../ui/button';
import { threads, useOutbox } from '../store/inbox';
import type { Thread } from '../store/threads';
import { usePresence } from '../store/presence';
import { useWords } from '../words';
import { HandoverCard } from './handover-card';
import { MessageBubble } from './message-bubble';
import { PendingBubble } from './pending-bubble';
import { entriesOf } from './entries';
import { longDate } from '../../../lib/time';

const nearEndPx = 80;
const nearStartPx = 200;

/** All that was said, oldest first. It stays at its end while the reader is there, and stays put while they read above. */
export function ThreadLog({ row, thread }: { row: ConversationView; thread: Thread }) {
  const t = useWords();
  const waiting = useOutbox(row.id).filter(
    ({ clientMessageId }) => !thread.messages.some((message) => message.clientMessageId === clientMessageId),
  );
  const scroller = useRef<HTMLDivElement>(null);
  const { missed, onScroll, toEnd } = useFollowEnd(scroller, thread, waiting.length, row.id);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-label={t('messages', { name: row.contact.name })}
        tabIndex={0}
        onScroll={onScroll}
        className="flex h-full flex-col overflow-x-hidden overflow-y-auto [overflow-anchor:none] px-3 py-4 -outline-offset-2! md:px-5"
      >
        <div className="mx-auto flex w-full max-w-200 flex-1 flex-col gap-1.5">
          {thread.hasOlder && <OlderButton id={row.id} busy={thread.loadingOlder} />}
          <div className="mt-auto" />
          {entriesOf(row, thread.messages).map((entry) => (
            <Fragment key={entry.key}>
              {entry.kind === 'day' && <Divider text={longDate(entry.at)} />}
              {entry.kind === 'handover' && <HandoverCard handover={entry.handover} />}
              {entry.kind === 'message' && (
                <MessageBubble
                  message={entry.message}
                  contact={row.contact.name}
                  startsRun={entry.startsRun}
                />
              )}
            </Fragment>
          ))}
          {waiting.map((item) => (
            <PendingBubble key={item.clientMessageId} item={item} />
          ))}
          <ContactTyping id={row.id} name={row.contact.name} />
        </div>
      </div>
      {missed > 0 && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            tone="primary"
            size="small"
            onClick={toEnd}
            icon={<ArrowDown className="size-4" aria-hidden />}
            className="pointer-events-auto rounded-full shadow-float"
          >
            {t('newMessages', { count: missed })}
          </Button>
        </div>
      )}
    </div>
  );
}

function useFollowEnd(
  scroller: React.RefObject<HTMLDivElement | null>,
  { messages }: Thread,
  waiting: number,
  id: string,
) {
  const atEnd = useRef(true);
  const heightBefore = useRef(0);
  const firstSeq = messages[0]?.seq ?? 0;
  const firstBefore = useRef(firstSeq);
  const lastSeq = messages.at(-1)?.seq ?? 0;
  const [seenSeq, setSeenSeq] = useState(lastSeq);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // Older messages came in above: what was read keeps its place.
    if (firstSeq < firstBefore.current) element.scrollTop += element.scrollHeight - heightBefore.current;
    else if (atEnd.current) element.scrollTop = element.scrollHeight;
    firstBefore.current = firstSeq;
    heightBefore.current = element.scrollHeight;
  });
  useEffect(() => {
    if (atEnd.current) setSeenSeq(lastSeq);
  }, [lastSeq]);
  // What one sends oneself is always looked at.
  useEffect(() => {
    if (waiting > 0 && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [waiting, scroller]);
  useKeepEndOnResize(scroller, atEnd);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPx;
    if (atEnd.current) setSeenSeq(lastSeq);
    if (element.scrollTop < nearStartPx) void threads.older(id);
  };
  const toEnd = () => {
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
    setSeenSeq(lastSeq);
  };
  return { missed: messages.filter(({ seq }) => seq > seenSeq).length, onScroll, toEnd };
}

/** A picture that loads, or a composer that grows, does not push the end out of sight. */
function useKeepEndOnResize(
  scroller: React.RefObject<HTMLDivElement | null>,
  atEnd: React.RefObject<boolean>,
): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, [scroller, atEnd]);
}

function OlderButton({ id, busy }: { id: string; busy: boolean }) {
  const t = useWords();
  return (
    <div className="flex justify-center pb-3">
      <Button size="small" tone="ghost" busy={busy} onClick={() => void threads.older(id)}>
        {t('older')}
      </Button>
    </div>
  );
}

export function Divider({ text }: { text: string }) {
  return (
    <div className="my-3 flex items-center gap-3 text-xs text-muted">
      <span className="h-px flex-1 bg-line" />
      {text}
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}

function ContactTyping({ id, name }: { id: string; name: string }) {
  const t = useWords();
  const types = usePresence(({ contactTypes }) => contactTypes === id);
  if (!types) return null;
  return (
    <p className="flex items-center gap-2 py-1 text-xs text-muted">
      <LoaderCircle className="size-3.5 animate-spin" aria-hidden />
      {t('contactTypes', { name })}
    </p>
  );
}
