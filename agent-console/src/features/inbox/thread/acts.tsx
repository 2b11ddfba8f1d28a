import { ArrowLeftRight, AlarmClock, CircleCheck, Ellipsis, Hand, RotateCcw, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { ConversationView } from '../../../../../src/contract/conversations';
import { useCommands } from '../../../lib/commands';
import { useMay, useMe } from '../../../lib/session';
import { Button } from '../../../ui/button';
import { IconButton } from '../../../ui/icon-button';
import { Kbd } from '../../../ui/kbd';
import { Menu, MenuItem } from '../../../ui/menu';
import { useUiWords } from '../../../ui/words';
import { acts } from '../store/acts';
import { conversations } from '../store/inbox';
import { useSelection } from '../use-selection';
import { useWords } from '../words';
import { allowedActs } from './allowed-acts';
import { SnoozeDialog } from './snooze-dialog';
import { TransferDialog } from './transfer-dialog';

const icon = 'size-4';

/** What this agent may do with this conversation now; the first of them stands out. */
export function Acts({ row }: { row: ConversationView }) {
  const t = useWords();
  const ui = useUiWords();
  const me = useMe();
  const isSupervisor = useMay('supervisor');
  const [asking, setAsking] = useState<'transfer' | 'snooze' | null>(null);
  const may = allowedActs(row, { myId: me.id, isSupervisor });
  const { id } = row;
  const take = useTake(id);
  const leaving = conversations.isLeaving(id);
  useActCommands(row, may, { ask: setAsking, take });
  return (
    <>
      {may.take && (
        <Act
          tone="primary"
          icon={<Hand className={icon} aria-hidden />}
          label={t('take')}
          keys="I"
          onClick={take}
        />
      )}
      {may.takeOver && (
        <Act
          icon={<Hand className={icon} aria-hidden />}
          label={t('takeOver')}
          onClick={() => void acts.takeOver(id)}
        />
      )}
      {may.transfer && (
        <Act
          narrow
          icon={<ArrowLeftRight className={icon} aria-hidden />}
          label={t('transfer')}
          keys="T"
          onClick={() => setAsking('transfer')}
        />
      )}
      {may.snooze && (
        <Act
          narrow
          icon={<AlarmClock className={icon} aria-hidden />}
          label={t('snooze')}
          keys="Z"
          onClick={() => setAsking('snooze')}
        />
      )}
      {may.resolve && !leaving && (
        <Act
          tone={may.take ? 'secondary' : 'primary'}
          icon={<CircleCheck className={icon} aria-hidden />}
          label={t('resolve')}
          keys="E"
          onClick={() => acts.resolve(id)}
        />
      )}
      {may.reopen && (
        <Act
          tone="primary"
          icon={<RotateCcw className={icon} aria-hidden />}
          label={t('reopen')}
          onClick={() => void acts.reopen(id)}
        />
      )}
      {(may.returnToQueue || may.transfer) && (
        <Menu
          trigger={<IconButton label={ui('more')} icon={<Ellipsis className="size-4.5" aria-hidden />} />}
        >
          <MenuItem
            disabled={!may.transfer}
            icon={<ArrowLeftRight className={icon} aria-hidden />}
            onSelect={() => setAsking('transfer')}
          >
            {t('transfer')}
          </MenuItem>
          <MenuItem
            disabled={!may.snooze}
            icon={<AlarmClock className={icon} aria-hidden />}
            onSelect={() => setAsking('snooze')}
          >
            {t('snooze')}
          </MenuItem>
          <MenuItem
            disabled={!may.returnToQueue}
            icon={<Undo2 className={icon} aria-hidden />}
            onSelect={() => void acts.returnToQueue(id)}
          >
            {t('returnToQueue')}
          </MenuItem>
        </Menu>
      )}
      <TransferDialog
        key={`transfer-${id}`}
        row={row}
        open={asking === 'transfer'}
        onClose={() => setAsking(null)}
      />
      <SnoozeDialog
        key={`snooze-${id}`}
        row={row}
        open={asking === 'snooze'}
        onClose={() => setAsking(null)}
      />
    </>
  );
}

/** Who takes one from the queue goes with it to their own. */
export function useTake(id: string): () => void {
  const { view, show } = useSelection();
  return () =>
    void acts.take(id).then((taken) => {
      if (taken && view === 'queue') show('mine');
    });
}

interface ActProps {
  label: string;
  keys?: string;
  icon: React.ReactNode;
  tone?: 'primary' | 'secondary';
  /** Only an icon where the header is narrow, and left to the menu on a phone. */
  narrow?: boolean;
  onClick: () => void;
}

function Act({ label, keys, icon: mark, tone = 'secondary', narrow, onClick }: ActProps) {
  return (
    <Button
      tone={tone}
      icon={mark}
      onClick={onClick}
      aria-keyshortcuts={keys}
      title={keys ? `${label} (${keys})` : label}
      className={narrow ? '@max-md:hidden' : ''}
    >
      <span className={narrow ? 'sr-only @2xl:not-sr-only' : 'sr-only @sm:not-sr-only'}>{label}</span>
      {keys && tone === 'secondary' && (
        <span className="hidden @4xl:inline" aria-hidden>
          <Kbd>{keys}</Kbd>
        </span>
      )}
    </Button>
  );
}

function useActCommands(
  { id }: ConversationView,
  may: ReturnType<typeof allowedActs>,
  { ask, take }: { ask: (what: 'transfer' | 'snooze') => void; take: () => void },
): void {
  const t = useWords();
  const group = t('group.conversation');
  useCommands([
    ...(may.take ? [{ id: 'take', label: t('take'), group, keys: 'I', run: take }] : []),
    ...(may.transfer
      ? [{ id: 'transfer', label: t('transfer'), group, keys: 'T', run: () => ask('transfer') }]
      : []),
    ...(may.snooze ? [{ id: 'snooze', label: t('snooze'), group, keys: 'Z', run: () => ask('snooze') }] : []),
    ...(may.resolve
      ? [{ id: 'resolve', label: t('resolve'), group, keys: 'E', run: () => acts.resolve(id) }]
      : []),
    ...(may.reopen ? [{ id: 'reopen', label: t('reopen'), group, run: () => void acts.reopen(id) }] : []),
    ...(may.returnToQueue
      ? [{ id: 'return', label: t('returnToQueue'), group, run: () => void acts.returnToQueue(id) }]
      : []),
  ]);
}
