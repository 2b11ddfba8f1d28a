import { CircleHelp, FileQuestion, type LucideIcon, MailX, SendHorizontal } from 'lucide-react';
import type { DeadLetterView } from '../../../../src/contract/dead-letters';
import { fullTime, shortTime } from '../../lib/time';
import { Badge, type BadgeTone } from '../../ui/badge';
import { DataTable } from '../../ui/data-table';
import type { Pages } from '../../ui/load-more';
import { usePreview } from '../../ui/preview';
import { useUiWords } from '../../ui/words';
import { useWords } from './words';

interface Props {
  rows: DeadLetterView[];
  onOpen: (letter: DeadLetterView) => void;
  pages: Pages;
}

export function LetterTable({ rows, onOpen, pages }: Props) {
  const t = useWords();
  return (
    <DataTable
      label={t('title')}
      rows={rows}
      rowKey={({ kind, id }) => `${kind}/${id}`}
      onOpen={onOpen}
      pages={pages}
      columns={[
        { key: 'what', title: t('what'), cell: (letter) => <What letter={letter} onOpen={onOpen} /> },
        { key: 'state', title: t('reason'), from: 'md', cell: (letter) => <Reason letter={letter} /> },
        {
          key: 'account',
          title: t('account'),
          from: 'lg',
          cell: ({ accountId }) => <span className="whitespace-nowrap">{accountId}</span>,
        },
        { key: 'tries', title: t('tries'), from: 'lg', align: 'end', cell: ({ attempts }) => attempts },
        {
          key: 'when',
          title: t('when'),
          align: 'end',
          cell: ({ at }) => (
            <time dateTime={at} title={fullTime(at)} className="text-[13px] whitespace-nowrap text-muted">
              {shortTime(at)}
            </time>
          ),
        },
      ]}
    />
  );
}

const icons: Record<DeadLetterView['kind'], LucideIcon> = {
  inbox: MailX,
  outbox: SendHorizontal,
  quarantine: FileQuestion,
};

function What({ letter, onOpen }: { letter: DeadLetterView; onOpen: (letter: DeadLetterView) => void }) {
  const t = useWords();
  const preview = usePreview();
  const { kind, text, accountId } = letter;
  const Icon = icons[kind];
  return (
    <span className="flex min-w-0 items-start gap-3">
      <span className="mt-0.5 flex size-7 shrink-0 items-center justify-center rounded-full bg-raised text-muted ring-1 ring-line ring-inset">
        <Icon className="size-3.5" aria-hidden />
      </span>
      <span className="min-w-0">
        <button
          type="button"
          onClick={(event) => {
            event.stopPropagation();
            onOpen(letter);
          }}
          className="line-clamp-2 text-left font-medium break-words whitespace-normal! hover:underline"
        >
          {text === null ? t('noText') : preview(text)}
        </button>
        <span className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
          {t(`kind.${kind}`)}
          <span className="lg:hidden">{accountId}</span>
          <span className="md:hidden">
            <StateBadge state={letter.state} />
          </span>
        </span>
      </span>
    </span>
  );
}

function Reason({ letter: { state, error, errorClass } }: { letter: DeadLetterView }) {
  const ui = useUiWords();
  const why = errorClass ? ui(`failure.${errorClass}`) : error;
  return (
    <span className="flex max-w-100 flex-col items-start gap-1">
      <StateBadge state={state} />
      {why && (
        <span title={error ?? undefined} className="line-clamp-2 text-[13px] break-words text-muted">
          {why}
        </span>
      )}
    </span>
  );
}

const tones: Record<DeadLetterView['state'], BadgeTone> = {
  dead: 'bad',
  unknown: 'warn',
  quarantined: 'neutral',
};

export function StateBadge({ state }: { state: DeadLetterView['state'] }) {
  const t = useWords();
  return (
    <Badge tone={tones[state]} icon={state === 'unknown' && <CircleHelp className="size-3.5" aria-hidden />}>
      {t(`state.${state}`)}
    </Badge>
  );
}
