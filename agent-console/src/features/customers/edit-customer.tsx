import { useState } from 'react';
import type { ContactDetail } from '../../../../src/contract/contacts';
import { call } from '../../lib/api';
import { asWords, fromWords } from '../../lib/word-list';
import { Field, Input, Textarea } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useSaving } from '../../ui/saving/use-saving';
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
      <Field label={t('name')}>
        {(wiring) => (
          <Input
            {...wiring}
            required
            maxLength={100}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      {texts.map((name) => (
        <Field key={name} label={t(name)}>
          {(wiring) => (
            <Input
              {...wiring}
              type={name === 'email' ? 'email' : 'text'}
              maxLength={name === 'phone' ? 40 : 200}
              value={draft[name]}
              onChange={(event) => change({ [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <Field label={t('tags')} hint={t('tagsHint')}>
        {(wiring) => (
          <Input {...wiring} value={draft.tags} onChange={(event) => change({ tags: event.target.value })} />
        )}
      </Field>
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
