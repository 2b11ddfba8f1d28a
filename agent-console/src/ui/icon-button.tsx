import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { cx } from '../lib/class-names';
import { Tooltip } from './tooltip';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Read to who cannot see the icon, and shown on hover. */
  label: string;
  shortcut?: string;
  icon: ReactNode;
  pressed?: boolean;
}

export function IconButton({ label, shortcut, icon, pressed, ...rest }: Props) {
  return (
    <Tooltip label={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        {...rest}
        className={cx(
          'inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-50 aria-pressed:bg-accent-soft aria-pressed:text-accent-ink',
          rest.className,
        )}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
