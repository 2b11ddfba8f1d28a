import { type FormEvent, useState } from 'react';
import { call } from '../../lib/api';
import { Button } from '../../ui/button';
import { Card } from '../../ui/page';
import { useSaving, useSavingFailure } from '../../ui/saving/use-saving';
import { TextField } from '../../ui/text-field';
import { useWords } from './words';

const empty = { current: '', next: '', again: '' };

export function ChangePassword() {
  const t = useWords();
  const explain = useSavingFailure();
  const [draft, setDraft] = useState(empty);
  const change = (part: Partial<typeof empty>) => setDraft((now) => ({ ...now, ...part }));
  const { current, next, again } = draft;
  const differs = again !== '' && next !== again;
  const { mutate, isPending, error } = useSaving({
    save: () => call('PUT /agents/me/password', { body: { current, next } }),
    stale: [],
    onSaved: () => setDraft(empty),
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!differs) mutate(undefined);
  };
  return (
    <div className="max-w-md">
      <Card title={t('changePassword')}>
        <form onSubmit={submit} className="flex flex-col gap-4 p-4">
          <p className="text-[13px] text-muted">{t('changePasswordHint')}</p>
          <TextField
            label={t('currentPassword')}
            type="password"
            autoComplete="current-password"
            required
            value={current}
            onChange={(value) => change({ current: value })}
          />
          <TextField
            label={t('nextPassword')}
            hint={t('passwordHint')}
            type="password"
            autoComplete="new-password"
            required
            minLength={10}
            maxLength={200}
            value={next}
            onChange={(value) => change({ next: value })}
          />
          <TextField
            label={t('repeatPassword')}
            error={differs ? t('mismatch') : null}
            type="password"
            autoComplete="new-password"
            required
            value={again}
            onChange={(value) => change({ again: value })}
          />
          {error && (
            <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-[13px] text-bad">
              {explain(error)}
            </p>
          )}
          <Button type="submit" tone="primary" busy={isPending} className="self-start">
            {t('changePassword')}
          </Button>
        </form>
      </Card>
    </div>
  );
}
