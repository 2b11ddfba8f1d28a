import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ConversationView } from '../../../../../src/contract/conversations';
import type { ContactDetail } from '../../../../../src/contract/contacts';
import { call } from '../../../lib/api';
import { languageName, shortDate } from '../../../lib/time';
import { Avatar } from '../../../ui/avatar';
import { Badge } from '../../../ui/badge';
import { ChannelMark, useChannelName } from '../../../ui/channel';
import { ErrorState, Skeleton } from '../../../ui/states';
import { useConversation } from '../store/inbox';
import { useWords } from '../words';
import { CurrentTicket } from './current-ticket';
import { Section } from './section';
import { Timeline } from './timeline';

/** Who this is, across all channels, and what happened before. */
export function ContextPane({ conversationId }: { conversationId: string }) {
  const row = useConversation(conversationId);
  return row ? <Contact row={row} /> : <Skeleton lines={4} />;
}

function Contact({ row }: { row: ConversationView }) {
  const { id } = row.contact;
  const { data, error, refetch } = useQuery({
    queryKey: ['customers', id],
    queryFn: ({ signal }) => call('GET /contacts/:id', { params: { id }, signal }),
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={4} />;
  return (
    <div className="flex flex-col pb-6">
      <Profile contact={data} channel={row.channel} />
      <Identities contact={data} />
      {row.ticket && <CurrentTicket id={row.ticket.id} />}
      <Timeline contactId={id} currentId={row.id} />
    </div>
  );
}

function Profile({ contact, channel }: { contact: ContactDetail; channel: string }) {
  const t = useWords();
  const language = contact.language && languageName(contact.language);
  const facts = [contact.phone, contact.email, contact.company, language].filter((fact) => fact !== null);
  return (
    <header className="flex items-start gap-3 px-4 pt-4 pb-3">
      <Avatar name={contact.name} channel={channel} size="large" />
      <div className="min-w-0 flex-1">
        <h2 className="truncate text-base font-semibold">{contact.name}</h2>
        {facts.length > 0 && <p className="text-[13px] break-words text-muted">{facts.join(' · ')}</p>}
        <p className="text-xs text-muted">{t('since', { date: shortDate(contact.createdAt) })}</p>
        <Link
          to="/customers/$contactId"
          params={{ contactId: contact.id }}
          className="text-[13px] text-accent-ink underline-offset-2 hover:underline"
        >
          {t('openCustomer')}
        </Link>
        {contact.tags.length > 0 && (
          <p className="mt-2 flex flex-wrap gap-1">
            {contact.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </p>
        )}
        {contact.about && <p className="mt-2 text-[13px] whitespace-pre-line">{contact.about}</p>}
      </div>
    </header>
  );
}

function Identities({ contact }: { contact: ContactDetail }) {
  const t = useWords();
  const nameOf = useChannelName();
  return (
    <Section title={t('identities')} count={contact.identities.length}>
      <ul className="flex flex-col gap-2">
        {contact.identities.map((identity) => (
          <li key={identity.id} className="flex items-center gap-2.5 text-[13px]">
            <ChannelMark channel={identity.network} />
            <span className="min-w-0 flex-1 truncate">
              {nameOf(identity.network)} · {identity.accountId}
            </span>
            <span className="max-w-28 truncate font-mono text-xs text-muted" title={identity.externalId}>
              {identity.externalId}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
