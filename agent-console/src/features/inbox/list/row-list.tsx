import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Selection } from '../use-selection';
import { useWords } from '../words';
import { Row, rowHeight } from './row';

interface Props {
  ids: string[];
  selection: Selection;
  showStatus?: boolean;
  /** Asked for the next page when the end comes near. */
  onEnd?: () => void;
}
const startsLoadingAt = 15;

/** A listbox that draws only what can be seen, however long it is. */
export function RowList({ ids, selection, showStatus, onEnd }: Props) {
  const t = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const { open, select, view } = selection;
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    getItemKey: (index) => ids[index] ?? index,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && last >= ids.length - startsLoadingAt) onEnd();
  }, [onEnd, last, ids.length]);
  const at = open ? ids.indexOf(open) : -1;
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at, { align: 'auto' });
    // Only when another one is opened: a list that moves under the reader's hand is a nuisance.
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step && ids[Math.min(ids.length - 1, Math.max(0, at + step))];
    if (!next) return;
    event.preventDefault();
    select(next, { replace: true });
  };
  return (
    <div
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label={t('conversations')}
      aria-activedescendant={shown.some(({ index }) => index === at) ? `conversation-${open}` : undefined}
      onKeyDown={onKeyDown}
      className="min-h-0 flex-1 overflow-y-auto -outline-offset-2!"
    >
      <div role="presentation" style={{ height: rows.getTotalSize() }} className="relative">
        {shown.map(({ key, index, start }) => (
          <Row
            key={key}
            id={ids[index] ?? ''}
            selected={index === at}
            showStatus={showStatus ?? (view === 'all' || view === 'mine')}
            place={{ top: start, index, of: ids.length }}
            onSelect={select}
          />
        ))}
      </div>
    </div>
  );
}
