import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TicketView } from '../../../../src/contract/tickets';
import { priorities, ticketStatuses, type Priority, type TicketStatus } from '../../../../src/domain/ticket';
import { call, type Request } from '../../lib/api';
import { asWords, fromWords } from '../../lib/word-list';
import { Field, Input, Select } from '../../ui/field';
import { Card } from '../../ui/page';
import { useSaving } from '../../ui/saving/use-saving';
import { useUiWords } from '../../ui/words';
import { useWords } from './words';

type Change = Request<'PATCH /tickets/:id'>['body'];

/** Each is saved when it is changed; a change by someone else meanwhile is a 409 and shows theirs first. */
export function Properties({ ticket }: { ticket: TicketView }) {
  const t = useWords();
  const ui = useUiWords();
  const { mutate, isPending } = useSaving({
    save: (change: Change) =>
      call('PATCH /tickets/:id', { params: { id: ticket.id }, body: { ...change, version: ticket.version } }),
    stale: ['tickets'],
  });
  return (
    <Card title={t('properties')}>
      <div className="grid gap-3 p-4 sm:grid-cols-2 lg:grid-cols-1" aria-busy={isPending}>
        <Field label={t('status')}>
          {(wiring) => (
            <Select
              {...wiring}
              value={ticket.status}
              onChange={(event) => mutate({ status: event.target.value as TicketStatus })}
            >
              {ticketStatuses.map((one) => (
                <option key={one} value={one}>
                  {ui(`ticket.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('priority')}>
          {(wiring) => (
            <Select
              {...wiring}
              value={ticket.priority}
              onChange={(event) => mutate({ priority: event.target.value as Priority })}
            >
              {priorities.map((one) => (
                <option key={one} value={one}>
                  {ui(`priority.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Owners ticket={ticket} onChange={mutate} />
        <SavedText
          key={`category ${ticket.category ?? ''}`}
          label={t('category')}
          value={ticket.category ?? ''}
          onSave={(value) => mutate({ category: value || null })}
        />
        <SavedText
          key={`tags ${ticket.tags.join()}`}
          label={t('tags')}
          hint={t('tagsHint')}
          value={fromWords(ticket.tags)}
          onSave={(value) => mutate({ tags: asWords(value) })}
        />
      </div>
    </Card>
  );
}

function Owners({ ticket, onChange }: { ticket: TicketView; onChange: (change: Change) => void }) {
  const t = useWords();
  const agents = useQuery({ queryKey: ['agents'], queryFn: ({ signal }) => call('GET /agents', { signal }) });
  const teams = useQuery({ queryKey: ['teams'], queryFn: ({ signal }) => call('GET /teams', { signal }) });
  const people = (agents.data?.items ?? []).filter(({ enabled }) => enabled);
  return (
    <>
      <Field label={t('assignee')}>
        {(wiring) => (
          <Select
            {...wiring}
            value={ticket.assignee?.id ?? ''}
            onChange={(event) => onChange({ assigneeId: event.target.value || null })}
          >
            <option value="">{t('nobody')}</option>
            <Options given={ticket.assignee} known={people} />
          </Select>
        )}
      </Field>
      <Field label={t('team')}>
        {(wiring) => (
          <Select
            {...wiring}
            value={ticket.team?.id ?? ''}
            onChange={(event) => onChange({ teamId: event.target.value || null })}
          >
            <option value="">{t('noTeam')}</option>
            <Options given={ticket.team} known={teams.data?.items ?? []} />
          </Select>
        )}
      </Field>
    </>
  );
}

interface Named {
  id: string;
  name: string;
}
/** What stands in the ticket is always among them, even while the list is not here yet. */
function Options({ given, known }: { given: Named | null; known: Named[] }) {
  const all = given && !known.some(({ id }) => id === given.id) ? [given, ...known] : known;
  return all.map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));
}

interface SavedTextProps {
  label: string;
  hint?: string;
  value: string;
  onSave: (value: string) => void;
}

/** Saved on leaving it or with Enter. */
function SavedText({ label, hint, value, onSave }: SavedTextProps) {
  const [typed, setTyped] = useState(value);
  return (
    <Field label={label} hint={hint}>
      {(wiring) => (
        <Input
          {...wiring}
          value={typed}
          maxLength={100}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => typed.trim() !== value && onSave(typed.trim())}
          onKeyDown={(event) =>
            event.key === 'Enter' && !event.nativeEvent.isComposing && event.currentTarget.blur()
          }
        />
      )}
    </Field>
  );
}
