import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowUpRight, RotateCcw, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { DeadLetterView } from '../../../../src/contract/dead-letters';
import { ApiError, call } from '../../lib/api';
import { fullTime } from '../../lib/time';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Loaded } from '../../ui/loaded';
import { toast } from '../../ui/toast';
import { useUiWords } from '../../ui/words';
import { StateBadge } from './letter-table';
import { useWords } from './words';

interface Props {
  letter: DeadLetterView;
  onClose: () => void;
}

/** One of them, whole, and what can be done with it. */
export function LetterDialog({ letter, onClose }: Props) {
  const t = useWords();
  const ui = useUiWords();
  const { kind, state, text, error, errorClass } = letter;
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={t(`kind.${kind}`)}
      description={t(`about.${aboutOf(letter)}`)}
      actions={<Acts letter={letter} onClose={onClose} />}
    >
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-5 gap-y-2.5 text-[13px]">
        <Line label={t('reason')}>
          <span className="mr-2">
            <StateBadge state={state} />
          </span>
          <span className="break-words">
            {errorClass
              ? ui(`failure.${errorClass}`)
              : (error ?? (kind === 'quarantine' ? '' : t('noReason')))}
          </span>
        </Line>
        {errorClass && error && (
          <Line label={t('words')}>
            <span className="font-mono text-xs break-words">{error}</span>
          </Line>
        )}
        {text !== null && (
          <Line label={t('what')}>
            <span className="break-words whitespace-pre-wrap">{text}</span>
          </Line>
        )}
        <Line label={t('account')}>
          <span className="font-mono text-xs">{letter.accountId}</span>
        </Line>
        <Line label={t('when')}>
          <time dateTime={letter.at}>{fullTime(letter.at)}</time>
        </Line>
        <Line label={t('tries')}>{letter.attempts}</Line>
      </dl>
      {letter.conversationId && (
        <Link
          to="/inbox"
          search={{ c: letter.conversationId, view: 'all' }}
          className="mt-4 inline-flex items-center gap-1 text-[13px] font-medium text-accent-ink hover:underline"
        >
          {t('openConversation')}
          <ArrowUpRight className="size-3.5" aria-hidden />
        </Link>
      )}
      {kind !== 'outbox' && <Raw letter={letter} />}
    </Dialog>
  );
}

function aboutOf({ kind, state }: DeadLetterView) {
  if (kind !== 'outbox') return kind;
  return state === 'unknown' ? 'unknown' : 'dead';
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** Read once: every reading is audited. */
function Raw({ letter: { kind, id } }: { letter: DeadLetterView }) {
  const t = useWords();
  const query = useQuery({
    queryKey: ['dead-letter', kind, id],
    queryFn: ({ signal }) => call('GET /dead-letters/:kind/:id', { params: { kind, id }, signal }),
    staleTime: Infinity,
    retry: false,
  });
  return (
    <section aria-label={t('raw')} className="mt-5">
      <h3 className="text-[13px] font-semibold">{t('raw')}</h3>
      <p className="mb-2 text-xs text-muted">{t('rawHint')}</p>
      <Loaded query={query}>
        {({ raw }) =>
          raw === null ? (
            <p className="text-[13px] text-muted">{t('noRaw')}</p>
          ) : (
            <pre
              tabIndex={0}
              className="max-h-72 overflow-auto rounded-lg bg-raised p-3 font-mono text-xs break-all whitespace-pre-wrap ring-1 ring-line ring-inset"
            >
              {raw}
            </pre>
          )
        }
      </Loaded>
    </section>
  );
}

type Act = 'replay' | 'discard';

function Acts({ letter: { kind, id }, onClose }: Props) {
  const t = useWords();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const { mutate, isPending, error, variables } = useMutation({
    mutationFn: (act: Act) => call(`POST /dead-letters/:kind/:id/${act}`, { params: { kind, id }, body: {} }),
    async onSuccess(_, act) {
      toast({ text: t(`done.${act}`) });
      onClose();
      await client.invalidateQueries({ queryKey: ['dead-letters'] });
    },
    async onError() {
      ask(false);
      await client.invalidateQueries({ queryKey: ['dead-letters'] });
    },
  });
  const busy = (act: Act) => isPending && variables === act;
  return (
    <>
      {(asking || error) && (
        <p role="alert" className="mr-auto min-w-48 flex-1 self-center text-[13px] text-bad">
          {asking ? t('discardAsk') : t(`failed.${whyOf(error)}`)}
        </p>
      )}
      {asking ? (
        <>
          <Button onClick={() => ask(false)}>{t('keep')}</Button>
          <Button tone="danger" busy={busy('discard')} onClick={() => mutate('discard')}>
            {t('discard')}
          </Button>
        </>
      ) : (
        <>
          <Button icon={<Trash2 className="size-4" aria-hidden />} onClick={() => ask(true)}>
            {t('discard')}
          </Button>
          <Button
            tone="primary"
            busy={busy('replay')}
            icon={<RotateCcw className="size-4" aria-hidden />}
            onClick={() => mutate('replay')}
          >
            {t(kind === 'outbox' ? 'sendAgain' : 'replay')}
          </Button>
        </>
      )}
    </>
  );
}

function whyOf(error: unknown): 'notUnderstood' | 'gone' | 'onItsWay' | 'other' {
  if (!(error instanceof ApiError)) return 'other';
  if (error.code === 'not_understood') return 'notUnderstood';
  if (error.status === 404) return 'gone';
  return error.code === 'not_failed' ? 'onItsWay' : 'other';
}
