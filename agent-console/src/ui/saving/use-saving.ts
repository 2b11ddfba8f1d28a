import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '../../lib/api';
import { toast } from '../toast';
import { useSavingWords } from './words';

interface Parts<I, O> {
  save: (input: I) => Promise<O>;
  /** The first part of each query's key that this makes stale. */
  stale: string[];
  onSaved?: (answer: O) => void;
  /** Where the failure is shown beside the form, no toast is needed. */
  quiet?: boolean;
}

/** A change of something: what it touches is read anew, and both outcomes are told. */
export function useSaving<I, O>({ save, stale, onSaved, quiet }: Parts<I, O>) {
  const t = useSavingWords();
  const client = useQueryClient();
  const explain = useSavingFailure();
  const refresh = () => Promise.all(stale.map((key) => client.invalidateQueries({ queryKey: [key] })));
  return useMutation({
    mutationFn: save,
    async onSuccess(answer) {
      await refresh();
      toast({ text: t('saved') });
      onSaved?.(answer);
    },
    async onError(error) {
      if (error instanceof ApiError && error.status === 409) await refresh();
      if (!quiet) toast({ text: explain(error), tone: 'error', lastsMs: 8_000 });
    },
  });
}

/** Why something was not saved, in words for people. */
export function useSavingFailure(): (error: unknown) => string {
  const t = useSavingWords();
  return (error) => {
    if (!(error instanceof ApiError)) return t('failed');
    if (error.code === 'email_taken' || error.code === 'last_admin' || error.code === 'wrong_password')
      return t(error.code);
    if (error.code === 'id_taken') return t('taken');
    if (error.code === 'changed_meanwhile') return t('changed');
    if (error.status === 0) return t('offline');
    if (error.status === 403) return t('forbidden');
    return error.status === 400 ? t('invalid', { problem: error.message }) : t('failed');
  };
}
