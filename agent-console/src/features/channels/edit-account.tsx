import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChannelView } from '../../../../src/contract/channels';
import { call } from '../../lib/api';
import { FormDialog } from '../../ui/form-dialog';
import { useSaving } from '../../ui/saving/use-saving';
import { Switch } from '../../ui/switch';
import { TextField } from '../../ui/text-field';
import { SettingFields } from './setting-fields';
import { configurationFrom, settingsOf } from './settings-schema';
import { useWords } from './words';

/** Secrets never come back from the server, so a changed configuration is entered whole. */
export function EditAccount({ account, onClose }: { account: ChannelView; onClose: () => void }) {
  const t = useWords();
  const [name, setName] = useState(account.name);
  const [enabled, setEnabled] = useState(account.enabled);
  const [replaces, setReplaces] = useState(false);
  const [filled, setFilled] = useState<Record<string, string>>({});
  const types = useQuery({
    queryKey: ['channel-types'],
    queryFn: ({ signal }) => call('GET /channel-types', { signal }),
  });
  const settings = settingsOf(
    types.data?.items.find(({ type }) => type === account.type)?.configuration ?? {},
  );
  const { mutate, isPending, error } = useSaving({
    save: () =>
      call('PATCH /channels/:id', {
        params: { id: account.id },
        body: {
          name: name.trim(),
          enabled,
          ...(replaces && { configuration: configurationFrom(settings, filled) }),
        },
      }),
    stale: ['channels'],
    onSaved: onClose,
    quiet: true,
  });
  return (
    <FormDialog
      title={t('editTitle', { name: account.name })}
      onClose={onClose}
      onSubmit={() => mutate(undefined)}
      busy={isPending}
      error={error}
    >
      <TextField label={t('name')} required maxLength={100} value={name} onChange={setName} />
      <Switch label={t('enabled')} checked={enabled} onChange={setEnabled} />
      {settings.length > 0 && (
        <Switch
          label={t('replaceSecrets')}
          hint={t('replaceHint')}
          checked={replaces}
          onChange={setReplaces}
        />
      )}
      {replaces && (
        <SettingFields
          settings={settings}
          filled={filled}
          onChange={(next) => setFilled((now) => ({ ...now, ...next }))}
        />
      )}
    </FormDialog>
  );
}
