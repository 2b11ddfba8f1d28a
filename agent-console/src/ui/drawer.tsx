import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from '../lib/class-names';
import { CloseButton, focusFirstField } from './dialog';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  side?: 'left' | 'right';
  wide?: boolean;
  children: ReactNode;
  actions?: ReactNode;
}

/** A panel that slides in from a side; it takes the whole of a narrow screen. */
export function Drawer({ open, onOpenChange, title, side = 'right', wide, children, actions }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focusFirstField}
          className={cx(
            'slides-in fixed outline-none inset-y-0 z-50 flex flex-col bg-panel shadow-float',
            wide ? 'w-[min(100vw,44rem)]' : 'w-[min(100vw,24rem)]',
            side === 'right'
              ? 'right-0 border-l border-line'
              : 'left-0 border-r border-line [--slide-from:-100%]',
          )}
        >
          <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line px-4">
            <Radix.Title className="min-w-0 flex-1 truncate text-[15px] font-semibold">{title}</Radix.Title>
            <CloseButton />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
          {actions && (
            <footer className="flex shrink-0 justify-end gap-2 border-t border-line px-4 py-3">
              {actions}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
