import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../lib/api';
import { Field, Select } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useSaving } from '../../ui/saving/use-saving';
import { TextField } from '../../ui/text-field';
import { SettingFields } from './setting-fields';
import { configurationFrom, settingsOf } from './settings-schema';
import { useWords } from './words';

export function AddAccount({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [draft, setDraft] = useState({ type: '', id: '', name: '' });
  const [filled, setFilled] = useState<Record<string, string>>({});
  const types = useQuery({
    queryKey: ['channel-types'],
    queryFn: ({ signal }) => call('GET /channel-types', { signal }),
  });
  const chosen = types.data?.items.find(({ type }) => type === draft.type);
  const settings = chosen ? settingsOf(chosen.configuration) : [];
  const { mutate, isPending, error } = useSaving({
    save: () =>
      call('POST /channels', { body: { ...draft, configuration: configurationFrom(settings, filled) } }),
    stale: ['channels'],
    onSaved: onClose,
    quiet: true,
  });
  const change = (next: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...next }));
  return (
    <FormDialog
      title={t('add')}
      hint={t('addHint')}
      onClose={onClose}
      onSubmit={() => mutate(undefined)}
      busy={isPending}
      error={error ?? types.error}
    >
      <Field label={t('type')}>
        {(wiring) => (
          <Select
            {...wiring}
            required
            value={draft.type}
            onChange={(event) => change({ type: event.target.value })}
          >
            <option value="" disabled>
              {t('choose')}
            </option>
            {(types.data?.items ?? []).map(({ type, title }) => (
              <option key={type} value={type}>
                {title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <TextField
        label={t('name')}
        required
        maxLength={100}
        value={draft.name}
        onChange={(name) => change({ name })}
      />
      <TextField
        label={t('id')}
        hint={t('idHint')}
        required
        maxLength={100}
        pattern="[a-z0-9][a-z0-9\-]*"
        value={draft.id}
        onChange={(id) => change({ id })}
      />
      <SettingFields
        settings={settings}
        filled={filled}
        onChange={(next) => setFilled((now) => ({ ...now, ...next }))}
      />
    </FormDialog>
  );
}
