import { useState } from 'react';
import type { ContactDetail } from '../../../../src/contract/contacts';
import { call } from '../../lib/api';
import { asWords, fromWords } from '../../lib/word-list';
import { Field, Textarea } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useSaving } from '../../ui/saving/use-saving';
import { TextField } from '../../ui/text-field';
import { useWords } from './words';

const texts = ['phone', 'email', 'company'] as const;

export function EditCustomer({ contact, onClose }: { contact: ContactDetail; onClose: () => void }) {
  const t = useWords();
  const [draft, setDraft] = useState({
    name: contact.name,
    phone: contact.phone ?? '',
    email: contact.email ?? '',
    company: contact.company ?? '',
    about: contact.about ?? '',
    tags: fromWords(contact.tags),
  });
  const change = (next: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...next }));
  const { mutate, isPending, error } = useSaving({
    save: () => call('PATCH /contacts/:id', { params: { id: contact.id }, body: asBody(draft) }),
    stale: ['customers', 'tickets', 'conversations'],
    onSaved: onClose,
    quiet: true,
  });
  return (
    <FormDialog
      title={t('edit')}
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
      {texts.map((name) => (
        <TextField
          key={name}
          label={t(name)}
          type={name === 'email' ? 'email' : 'text'}
          maxLength={name === 'phone' ? 40 : 200}
          value={draft[name]}
          onChange={(value) => change({ [name]: value })}
        />
      ))}
      <TextField
        label={t('tags')}
        hint={t('tagsHint')}
        value={draft.tags}
        onChange={(tags) => change({ tags })}
      />
      <Field label={t('about')}>
        {(wiring) => (
          <Textarea
            {...wiring}
            maxLength={500}
            value={draft.about}
            onChange={(event) => change({ about: event.target.value })}
          />
        )}
      </Field>
    </FormDialog>
  );
}

interface Draft {
  name: string;
  phone: string;
  email: string;
  company: string;
  about: string;
  tags: string;
}
/** An emptied field is forgotten, not kept as an empty text. */
const asBody = ({ name, tags, ...optional }: Draft) => ({
  name: name.trim(),
  tags: asWords(tags),
  phone: optional.phone.trim() || null,
  email: optional.email.trim() || null,
  company: optional.company.trim() || null,
  about: optional.about.trim() || null,
});
