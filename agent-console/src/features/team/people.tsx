import { useQuery } from '@tanstack/react-query';
import { Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import type { AgentView } from '../../../../src/contract/agents';
import { call } from '../../lib/api';
import { useMay } from '../../lib/session';
import { Avatar } from '../../ui/avatar';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { type Column, DataTable } from '../../ui/data-table';
import { IconButton } from '../../ui/icon-button';
import { Loaded } from '../../ui/loaded';
import { useUiWords } from '../../ui/words';
import { PersonDialog } from './person-dialog';
import { useWords } from './words';

export function People() {
  const t = useWords();
  const mayEdit = useMay('admin');
  const [edited, setEdited] = useState<AgentView | 'new' | null>(null);
  const query = useQuery({ queryKey: ['agents'], queryFn: ({ signal }) => call('GET /agents', { signal }) });
  const columns = useColumns(mayEdit ? setEdited : undefined);
  return (
    <>
      {mayEdit && (
        <div className="mb-3 flex justify-end">
          <Button
            tone="primary"
            onClick={() => setEdited('new')}
            icon={<Plus className="size-4" aria-hidden />}
          >
            {t('add')}
          </Button>
        </div>
      )}
      <Loaded query={query} lines={4}>
        {({ items }) => (
          <DataTable label={t('people')} columns={columns} rows={items} rowKey={({ id }) => id} />
        )}
      </Loaded>
      {edited && <PersonDialog person={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function useColumns(onEdit?: (person: AgentView) => void): Column<AgentView>[] {
  const t = useWords();
  const ui = useUiWords();
  const words = (list: string[]) =>
    list.length === 0 ? (
      <span className="text-muted">—</span>
    ) : (
      <span className="flex flex-wrap gap-1">
        {list.map((word) => (
          <Badge key={word}>{word}</Badge>
        ))}
      </span>
    );
  const columns: Column<AgentView>[] = [
    { key: 'name', title: t('name'), cell: (person) => <Name person={person} /> },
    { key: 'role', title: t('role'), from: 'md', cell: ({ role }) => ui(`role.${role}`) },
    { key: 'teams', title: t('inTeams'), from: 'lg', cell: ({ teamIds }) => <TeamNames ids={teamIds} /> },
    { key: 'skills', title: t('skills'), from: 'lg', cell: ({ skills }) => words(skills) },
    { key: 'languages', title: t('languages'), from: 'xl', cell: ({ languages }) => words(languages) },
    {
      key: 'load',
      title: t('load'),
      align: 'end',
      from: 'md',
      cell: ({ load, capacity }) => (
        <span className="tabular whitespace-nowrap">
          {load} / {capacity}
        </span>
      ),
    },
  ];
  if (onEdit)
    columns.push({
      key: 'edit',
      title: t('edit'),
      align: 'end',
      cell: (person) => (
        <IconButton
          label={t('editPerson', { name: person.name })}
          icon={<Pencil className="size-4" aria-hidden />}
          onClick={() => onEdit(person)}
        />
      ),
    });
  return columns;
}

function Name({ person: { name, email, status, role, enabled } }: { person: AgentView }) {
  const t = useWords();
  const ui = useUiWords();
  return (
    <span className="flex items-center gap-3">
      <Avatar name={name} presence={status} />
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-1.5 font-medium">
          {name}
          {!enabled && <Badge tone="warn">{t('disabled')}</Badge>}
        </span>
        <span className="block text-xs break-all text-muted">{email}</span>
        <span className="block text-xs text-muted">
          {ui(`presence.${status}`)}
          <span className="md:hidden"> · {ui(`role.${role}`)}</span>
        </span>
      </span>
    </span>
  );
}

function TeamNames({ ids }: { ids: string[] }) {
  const { data } = useQuery({ queryKey: ['teams'], queryFn: ({ signal }) => call('GET /teams', { signal }) });
  const names = ids.map((id) => data?.items.find((team) => team.id === id)?.name ?? id);
  return names.length === 0 ? <span className="text-muted">—</span> : names.join(', ');
}
