import { type FormEvent, useId, useState } from 'react';
import type { ContactDetail } from '../../../../src/contract/contacts';
import { call } from '../../lib/api';
import { asWords, fromWords } from '../../lib/word-list';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field, Input, Textarea } from '../../ui/field';
import { useSaving, useSavingFailure } from '../../ui/saving/use-saving';
import { useUiWords } from '../../ui/words';
import { useWords } from './words';

const texts = ['phone', 'email', 'company'] as const;

export function EditCustomer({ contact, onClose }: { contact: ContactDetail; onClose: () => void }) {
  const t = useWords();
  const ui = useUiWords();
  const formId = useId();
  const explain = useSavingFailure();
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate(undefined);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('edit')}
      actions={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button tone="primary" type="submit" form={formId} busy={isPending}>
            {ui('save')}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
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
            <Input
              {...wiring}
              value={draft.tags}
              onChange={(event) => change({ tags: event.target.value })}
            />
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
        {error && (
          <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-[13px] text-bad">
            {explain(error)}
          </p>
        )}
      </form>
    </Dialog>
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
