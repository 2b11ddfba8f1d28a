import { useQuery } from '@tanstack/react-query';
import { Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import type { AgentView, TeamView } from '../../../../src/contract/agents';
import { call } from '../../lib/api';
import { useMay } from '../../lib/session';
import { Avatar } from '../../ui/avatar';
import { Button } from '../../ui/button';
import { IconButton } from '../../ui/icon-button';
import { Loaded } from '../../ui/loaded';
import { EmptyState } from '../../ui/states';
import { TeamDialog } from './team-dialog';
import { useWords } from './words';

export function Teams() {
  const t = useWords();
  const mayEdit = useMay('admin');
  const [edited, setEdited] = useState<TeamView | 'new' | null>(null);
  const teams = useQuery({ queryKey: ['teams'], queryFn: ({ signal }) => call('GET /teams', { signal }) });
  const agents = useQuery({ queryKey: ['agents'], queryFn: ({ signal }) => call('GET /agents', { signal }) });
  const people = agents.data?.items ?? [];
  const add = mayEdit && (
    <Button tone="primary" onClick={() => setEdited('new')} icon={<Plus className="size-4" aria-hidden />}>
      {t('addTeam')}
    </Button>
  );
  return (
    <Loaded query={teams}>
      {({ items }) => (
        <>
          {items.length > 0 && <div className="mb-3 flex justify-end">{add}</div>}
          {items.length === 0 && (
            <EmptyState title={t('teamsEmpty')} hint={t('teamsEmptyHint')} action={add} />
          )}
          <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
            {items.map((team) => (
              <li key={team.id}>
                <Team team={team} people={people} onEdit={mayEdit ? () => setEdited(team) : undefined} />
              </li>
            ))}
          </ul>
          {edited && (
            <TeamDialog
              team={edited === 'new' ? null : edited}
              people={people}
              onClose={() => setEdited(null)}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function Team({ team, people, onEdit }: { team: TeamView; people: AgentView[]; onEdit?: () => void }) {
  const t = useWords();
  const members = people.filter(({ id }) => team.memberIds.includes(id));
  return (
    <section aria-label={team.name} className="h-full rounded-xl border border-line bg-panel p-4 shadow-card">
      <header className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold">{team.name}</h2>
          <p className="truncate text-xs text-muted">
            <span className="font-mono">{team.id}</span> ·{' '}
            {t('membersCount', { count: team.memberIds.length })}
          </p>
        </div>
        {onEdit && (
          <IconButton
            label={`${t('editTeam')}: ${team.name}`}
            icon={<Pencil className="size-4" aria-hidden />}
            onClick={onEdit}
          />
        )}
      </header>
      {members.length === 0 ? (
        <p className="mt-3 text-[13px] text-muted">{t('noMembers')}</p>
      ) : (
        <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-2">
          {members.map(({ id, name, status }) => (
            <li key={id} className="flex items-center gap-2 text-[13px]">
              <Avatar name={name} size="small" presence={status} />
              {name}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
