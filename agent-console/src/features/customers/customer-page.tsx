import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Pencil } from 'lucide-react';
import { useState } from 'react';
import type { ContactDetail } from '../../../../src/contract/contacts';
import { call } from '../../lib/api';
import { longDate } from '../../lib/time';
import { Avatar } from '../../ui/avatar';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { ChannelMark, useChannelName } from '../../ui/channel';
import { Loaded } from '../../ui/loaded';
import { Card } from '../../ui/page';
import { EditCustomer } from './edit-customer';
import { Timeline } from './timeline';
import { useWords } from './words';

export function CustomerPage() {
  const { contactId } = useParams({ from: '/shell/customers/$contactId' });
  const query = useQuery({
    queryKey: ['customers', contactId],
    queryFn: ({ signal }) => call('GET /contacts/:id', { params: { id: contactId }, signal }),
  });
  return (
    <main className="h-full min-w-0 overflow-y-auto">
      <Loaded query={query} lines={5}>
        {(contact) => <Customer contact={contact} />}
      </Loaded>
    </main>
  );
}

function Customer({ contact }: { contact: ContactDetail }) {
  const t = useWords();
  const [editing, setEditing] = useState(false);
  return (
    <>
      <header className="border-b border-line bg-panel px-4 py-3 md:px-6">
        <Link
          to="/customers"
          className="-ml-1 inline-flex items-center gap-1 rounded-md px-1 text-[13px] text-muted hover:text-ink"
        >
          <ArrowLeft className="size-4" aria-hidden /> {t('back')}
        </Link>
        <div className="mt-2 flex items-center gap-4">
          <Avatar name={contact.name} size="large" />
          <div className="min-w-0 flex-1">
            <h1 className="text-lg font-semibold break-words">{contact.name}</h1>
            <p className="text-[13px] text-muted">{t('since', { date: longDate(contact.createdAt) })}</p>
          </div>
          <Button onClick={() => setEditing(true)} icon={<Pencil className="size-4" aria-hidden />}>
            {t('edit')}
          </Button>
        </div>
      </header>
      <div className="grid items-start gap-4 p-4 md:p-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <Profile contact={contact} />
          <Identities contact={contact} />
        </div>
        <Timeline contactId={contact.id} />
      </div>
      {editing && <EditCustomer contact={contact} onClose={() => setEditing(false)} />}
    </>
  );
}

function Profile({ contact }: { contact: ContactDetail }) {
  const t = useWords();
  const { email, phone, company, language, timeZone, about, tags } = contact;
  const facts = Object.entries({ phone, email, company, language, timeZone }).filter(([, value]) => value);
  const isBare = facts.length === 0 && !about && tags.length === 0;
  return (
    <Card title={t('profile')}>
      <div className="flex flex-col gap-3 p-4 text-[13px]">
        {isBare && <p className="text-muted">{t('noDetails')}</p>}
        {facts.length > 0 && (
          <dl className="grid grid-cols-[6rem_1fr] gap-y-2">
            {facts.map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-muted">{t(name as 'phone')}</dt>
                <dd className="break-words">{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {tags.length > 0 && (
          <p className="flex flex-wrap gap-1.5">
            {tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </p>
        )}
        {about && <p className="rounded-lg bg-raised p-3 whitespace-pre-line">{about}</p>}
      </div>
    </Card>
  );
}

function Identities({ contact }: { contact: ContactDetail }) {
  const t = useWords();
  const nameOf = useChannelName();
  return (
    <Card title={t('identities')}>
      <ul className="divide-y divide-line">
        {contact.identities.map(({ id, network, accountId, externalId, name }) => (
          <li key={id} className="flex items-center gap-3 px-4 py-3">
            <ChannelMark channel={network} />
            <div className="min-w-0 flex-1 text-[13px]">
              <p className="truncate">
                {name ?? contact.name}
                <span className="text-muted">
                  {' '}
                  · {nameOf(network)} · {accountId}
                </span>
              </p>
              <p className="truncate font-mono text-xs text-muted" title={externalId}>
                {externalId}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
