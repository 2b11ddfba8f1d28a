import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { AgentView } from '../../../../src/contract/agents';
import { ApiError } from '../../lib/api';
import { signIn } from '../../lib/session';
import { Button } from '../../ui/button';
import { Field, Input } from '../../ui/field';
import { useWords } from './words';

interface Props {
  email?: string;
  onDone: (agent: AgentView) => void;
}

export function SignInForm({ email: known, onDone }: Props) {
  const t = useWords();
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const submit = useMutation({ mutationFn: () => signIn(email.trim(), password), onSuccess: onDone });
  const explain = useExplanation();

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit.mutate();
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <Field label={t('email')}>
        {(wiring) => (
          <Input
            {...wiring}
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus={!known}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('password')}>
        {(wiring) => (
          <Input
            {...wiring}
            type="password"
            name="password"
            autoComplete="current-password"
            required
            autoFocus={Boolean(known)}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {submit.error && (
        <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-[13px] text-bad">
          {explain(submit.error)}
        </p>
      )}
      <Button type="submit" tone="primary" busy={submit.isPending} className="mt-1 w-full">
        {t('submit')}
      </Button>
    </form>
  );
}

function useExplanation(): (error: Error) => string {
  const t = useWords();
  return (error) => {
    if (!(error instanceof ApiError)) return t('failed');
    if (error.status === 401 || error.status === 400) return t('wrong');
    if (error.status === 429) return t('tooMany', { seconds: error.retryAfterSeconds ?? 60 });
    return error.status === 0 ? t('offline') : t('failed');
  };
}
