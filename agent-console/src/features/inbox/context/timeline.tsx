import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ticket } from 'lucide-react';
import type { TimelineItem } from '../../../../../src/contract/contacts';
import { call } from '../../../lib/api';
import { shortTime } from '../../../lib/time';
import { ChannelMark } from '../../../ui/channel';
import { usePreview } from '../../../ui/preview';
import { useUiWords } from '../../../ui/words';
import { useWords } from '../words';
import { Section } from './section';

/** Conversations and tickets of this person on every channel, newest first. */
export function Timeline({ contactId, currentId }: { contactId: string; currentId: string }) {
  const t = useWords();
  const { data } = useQuery({
    queryKey: ['customers', contactId, 'timeline'],
    queryFn: ({ signal }) =>
      call('GET /contacts/:id/timeline', { params: { id: contactId }, query: { limit: 20 }, signal }),
  });
  if (!data) return null;
  return (
    <Section title={t('timeline')} count={data.nextCursor ? undefined : data.items.length}>
      <ol className="flex flex-col">
        {data.items.map((item) => (
          <Item key={`${item.kind}-${idOf(item)}`} item={item} isCurrent={idOf(item) === currentId} />
        ))}
      </ol>
    </Section>
  );
}

const idOf = (item: TimelineItem): string => (item.kind === 'ticket' ? item.ticket.id : item.conversation.id);
const line =
  'flex min-w-0 items-center gap-2.5 rounded-lg px-2 py-1.5 text-[13px] hover:bg-hover aria-[current]:bg-selected';

function Item({ item, isCurrent }: { item: TimelineItem; isCurrent: boolean }) {
  const ui = useUiWords();
  const preview = usePreview();
  const when = (
    <time dateTime={item.at} className="shrink-0 text-xs text-muted">
      {shortTime(item.at)}
    </time>
  );
  if (item.kind === 'ticket')
    return (
      <li className="-mx-2">
        <Link to="/tickets/$ticketId" params={{ ticketId: item.ticket.id }} className={line}>
          <span className="flex size-5 shrink-0 items-center justify-center text-muted">
            <Ticket className="size-4" aria-hidden />
          </span>
          <span className="min-w-0 flex-1 truncate">
            #{item.ticket.number} {item.ticket.subject}
            <span className="text-muted"> · {ui(`ticket.${item.ticket.status}`)}</span>
          </span>
          {when}
        </Link>
      </li>
    );
  const { conversation } = item;
  return (
    <li className="-mx-2">
      <Link
        to="/inbox"
        search={(before) => ({ ...before, c: conversation.id })}
        aria-current={isCurrent ? 'true' : undefined}
        className={line}
      >
        <ChannelMark channel={conversation.channel} />
        <span className="min-w-0 flex-1 truncate">
          {conversation.lastMessage
            ? preview(conversation.lastMessage.text)
            : ui(`status.${conversation.status}`)}
          <span className="text-muted"> · {ui(`status.${conversation.status}`)}</span>
        </span>
        {when}
      </Link>
    </li>
  );
}
