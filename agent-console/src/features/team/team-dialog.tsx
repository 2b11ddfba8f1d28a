import { useState } from 'react';
import type { AgentView, TeamView } from '../../../../src/contract/agents';
import { call } from '../../lib/api';
import { useSaving } from '../../ui/saving/use-saving';
import { FormDialog } from '../../ui/form-dialog';
import { TextField } from '../../ui/text-field';
import { useWords } from './words';

interface Props {
  team: TeamView | null;
  people: AgentView[];
  onClose: () => void;
}

export function TeamDialog({ team, people, onClose }: Props) {
  const t = useWords();
  const [id, setId] = useState(team?.id ?? '');
  const [name, setName] = useState(team?.name ?? '');
  const [memberIds, setMemberIds] = useState(team?.memberIds ?? []);
  const { mutate, isPending, error } = useSaving({
    save: () =>
      team
        ? call('PATCH /teams/:id', { params: { id: team.id }, body: { name: name.trim(), memberIds } })
        : call('POST /teams', { body: { id, name: name.trim(), memberIds } }),
    stale: ['teams', 'agents', 'wall'],
    onSaved: onClose,
    quiet: true,
  });
  const toggle = (agentId: string) =>
    setMemberIds((now) => (now.includes(agentId) ? now.filter((one) => one !== agentId) : [...now, agentId]));
  return (
    <FormDialog
      title={t(team ? 'editTeam' : 'addTeam')}
      onClose={onClose}
      onSubmit={() => mutate(undefined)}
      busy={isPending}
      error={error}
    >
      <TextField label={t('teamName')} required maxLength={100} value={name} onChange={setName} />
      {!team && (
        <TextField
          label={t('teamId')}
          hint={t('teamIdHint')}
          required
          pattern="[a-z0-9][a-z0-9\-]*"
          maxLength={100}
          value={id}
          onChange={setId}
        />
      )}
      <fieldset>
        <legend className="mb-1.5 text-[13px] font-medium">{t('members')}</legend>
        <div className="flex flex-col rounded-lg border border-line">
          {people.map((person) => (
            <label
              key={person.id}
              className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-0 hover:bg-hover"
            >
              <input
                type="checkbox"
                className="size-4 accent-(--accent)"
                checked={memberIds.includes(person.id)}
                onChange={() => toggle(person.id)}
              />
              <span className="min-w-0 flex-1 truncate">{person.name}</span>
              <span className="truncate text-xs text-muted">{person.email}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </FormDialog>
  );
}
