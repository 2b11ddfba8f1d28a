import { useState } from 'react';
import type { AgentView } from '../../../../src/contract/agents';
import { type Role, roles } from '../../../../src/domain/role';
import { call } from '../../lib/api';
import { asWords, fromWords } from '../../lib/word-list';
import { Field, Select } from '../../ui/field';
import { useSaving } from '../../ui/saving/use-saving';
import { Switch } from '../../ui/switch';
import { useUiWords } from '../../ui/words';
import { FormDialog } from '../../ui/form-dialog';
import { TextField } from '../../ui/text-field';
import { useWords } from './words';

interface Draft {
  email: string;
  name: string;
  role: Role;
  skills: string;
  languages: string;
  capacity: string;
  password: string;
  enabled: boolean;
}

const draftOf = (person: AgentView | null): Draft => ({
  email: person?.email ?? '',
  name: person?.name ?? '',
  role: person?.role ?? 'agent',
  skills: fromWords(person?.skills ?? []),
  languages: fromWords(person?.languages ?? ['zh']),
  capacity: String(person?.capacity ?? 5),
  password: '',
  enabled: person?.enabled ?? true,
});

/** A colleague to add, or to change. */
export function PersonDialog({ person, onClose }: { person: AgentView | null; onClose: () => void }) {
  const t = useWords();
  const [draft, setDraft] = useState(draftOf(person));
  const change = (next: Partial<Draft>) => setDraft((now) => ({ ...now, ...next }));
  const { mutate, isPending, error } = useSaving({
    save: () => write(person, draft),
    stale: ['agents', 'session', 'wall'],
    onSaved: onClose,
    quiet: true,
  });
  return (
    <FormDialog
      title={person ? t('editPerson', { name: person.name }) : t('addPerson')}
      onClose={onClose}
      onSubmit={() => mutate(undefined)}
      busy={isPending}
      error={error}
    >
      <TextField
        label={t('name')}
        required
        maxLength={100}
        value={draft.name}
        onChange={(name) => change({ name })}
      />
      {!person && (
        <TextField
          label={t('email')}
          type="email"
          required
          maxLength={200}
          autoComplete="off"
          value={draft.email}
          onChange={(email) => change({ email })}
        />
      )}
      <RoleAndCapacity draft={draft} onChange={change} />
      <TextField
        label={t('skills')}
        hint={t('commas')}
        value={draft.skills}
        onChange={(skills) => change({ skills })}
      />
      <TextField
        label={t('languages')}
        hint={t('languagesHint')}
        value={draft.languages}
        onChange={(languages) => change({ languages })}
      />
      <TextField
        label={t(person ? 'newPassword' : 'password')}
        hint={t(person ? 'newPasswordHint' : 'passwordHint')}
        type="password"
        autoComplete="new-password"
        required={!person}
        minLength={10}
        maxLength={200}
        value={draft.password}
        onChange={(password) => change({ password })}
      />
      {person && (
        <Switch label={t('enabled')} checked={draft.enabled} onChange={(enabled) => change({ enabled })} />
      )}
    </FormDialog>
  );
}

function RoleAndCapacity({ draft, onChange }: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  const t = useWords();
  const ui = useUiWords();
  return (
    <div className="grid grid-cols-2 gap-4">
      <Field label={t('role')}>
        {(wiring) => (
          <Select
            {...wiring}
            value={draft.role}
            onChange={(event) => onChange({ role: roles.find((role) => role === event.target.value) })}
          >
            {roles.map((role) => (
              <option key={role} value={role}>
                {ui(`role.${role}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <TextField
        label={t('capacity')}
        type="number"
        required
        min={0}
        max={100}
        value={draft.capacity}
        onChange={(capacity) => onChange({ capacity })}
      />
    </div>
  );
}

function write(person: AgentView | null, draft: Draft): Promise<AgentView> {
  const fields = {
    name: draft.name.trim(),
    role: draft.role,
    skills: asWords(draft.skills),
    languages: asWords(draft.languages),
    capacity: Number(draft.capacity),
  };
  if (!person)
    return call('POST /agents', {
      body: { ...fields, email: draft.email.trim(), password: draft.password },
    });
  return call('PATCH /agents/:id', {
    params: { id: person.id },
    body: { ...fields, enabled: draft.enabled, ...(draft.password && { password: draft.password }) },
  });
}
