import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from '../lib/class-names';
import { IconButton } from './icon-button';
import { useUiWords } from './words';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  children?: ReactNode;
  /** Buttons at the foot, the main one last. */
  actions?: ReactNode;
  /** `false`: it can only be answered, not left. */
  dismissible?: boolean;
  wide?: boolean;
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  actions,
  dismissible = true,
  wide,
}: Props) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next || dismissible) && onOpenChange(next)}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          onOpenAutoFocus={focusFirstField}
          {...(!description && { 'aria-describedby': undefined })}
          className={cx(
            'appears fixed outline-none top-1/2 left-1/2 z-50 flex max-h-[88dvh] w-[min(92vw,var(--width))] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-2xl border border-line bg-panel shadow-float',
            wide ? '[--width:46rem]' : '[--width:27rem]',
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4">
            <div className="min-w-0 flex-1 pt-1">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-1 text-[13px] text-muted">{description}</Radix.Description>
              )}
            </div>
            {dismissible && <CloseButton />}
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {actions && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line bg-raised px-5 py-3">
              {actions}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The first thing to fill in, not the button that closes. */
export function focusFirstField(event: Event): void {
  const content = event.currentTarget as HTMLElement;
  const field = content.querySelector<HTMLElement>('input, select, textarea, [data-first]');
  event.preventDefault();
  (field ?? content).focus();
}

export function CloseButton() {
  const t = useUiWords();
  return (
    <Radix.Close asChild>
      <IconButton label={t('close')} icon={<X className="size-4" aria-hidden />} className="-mr-2" />
    </Radix.Close>
  );
}
