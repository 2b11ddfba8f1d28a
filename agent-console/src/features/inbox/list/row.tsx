import { memo } from 'react';
import { cx } from '../../../lib/class-names';
import { shortTime } from '../../../lib/time';
import { Avatar } from '../../../ui/avatar';
import { CountBadge } from '../../../ui/badge';
import { usePreview } from '../../../ui/preview';
import { SlaPill } from '../../../ui/sla-pill';
import { ConversationStatusBadge } from '../../../ui/status-badges';
import { useConversation, useDraft, useUnread } from '../store/inbox';
import type { ConversationView } from '../../../../../src/contract/conversations';
import { useWords } from '../words';

export const rowHeight = 76;

interface Props {
  id: string;
  selected: boolean;
  place: { top: number; index: number; of: number };
  showStatus: boolean;
  onSelect: (id: string) => void;
}

/** One conversation of the list. It watches its own row, so that a change draws it alone. */
export const Row = memo(function Row({ id, ...rest }: Props) {
  const row = useConversation(id);
  return row ? <FilledRow row={row} {...rest} /> : null;
}, isSame);

function isSame(one: Props, other: Props): boolean {
  const { place: a, ...before } = one;
  const { place: b, ...after } = other;
  const samePlace = a.top === b.top && a.index === b.index && a.of === b.of;
  return (
    samePlace &&
    Object.keys(before).every(
      (key) => before[key as keyof typeof before] === after[key as keyof typeof after],
    )
  );
}

function FilledRow({
  row,
  selected,
  place,
  showStatus,
  onSelect,
}: { row: ConversationView } & Omit<Props, 'id'>) {
  const unread = useUnread(row);
  const t = useWords();
  return (
    <div
      role="option"
      id={`conversation-${row.id}`}
      data-conversation={row.id}
      aria-selected={selected}
      aria-posinset={place.index + 1}
      aria-setsize={place.of}
      onClick={() => onSelect(row.id)}
      style={{ height: rowHeight, transform: `translateY(${place.top}px)` }}
      className={cx(
        'absolute inset-x-0 top-0 flex cursor-pointer items-center gap-3 border-b border-line px-3.5',
        selected ? 'bg-selected shadow-[inset_3px_0_0_var(--accent)]' : 'hover:bg-hover',
      )}
    >
      <Avatar name={row.contact.name} channel={row.channel} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <span className={cx('truncate', unread > 0 ? 'font-semibold' : 'font-medium')}>
            {row.contact.name}
          </span>
          {row.lastMessage && (
            <time dateTime={row.lastMessage.at} className="ml-auto shrink-0 text-xs text-muted">
              {shortTime(row.lastMessage.at)}
            </time>
          )}
        </div>
        <div className="mt-0.5 flex h-6 items-center gap-1.5">
          <Preview row={row} strong={unread > 0} />
          {showStatus && row.status !== 'open' && <ConversationStatusBadge status={row.status} />}
          {row.status !== 'closed' && <SlaPill clock={row.clock} />}
          <CountBadge count={unread} label={t('unread', { count: unread })} />
        </div>
      </div>
    </div>
  );
}

/** What was last said; a draft comes first, so that nobody forgets it. */
function Preview({ row, strong }: { row: ConversationView; strong: boolean }) {
  const t = useWords();
  const preview = usePreview();
  const draft = useDraft(row.id, 'reply');
  const { lastMessage } = row;
  const who =
    lastMessage?.author === 'bot' ? t('by.bot') : lastMessage?.author === 'agent' ? t('by.agent') : '';
  return (
    <span className={cx('min-w-0 flex-1 truncate text-[13px]', strong ? 'text-ink' : 'text-muted')}>
      {draft ? (
        <>
          <span className="text-warn">{t('draftMark')}</span> {draft}
        </>
      ) : (
        `${who}${preview(lastMessage?.text ?? '')}`
      )}
    </span>
  );
}
