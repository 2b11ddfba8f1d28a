import { LoaderCircle } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { cx } from '../lib/class-names';

export type ButtonTone = 'primary' | 'secondary' | 'ghost' | 'danger';
const tones: Record<ButtonTone, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong shadow-card',
  secondary: 'border border-line bg-panel text-ink hover:bg-hover shadow-card',
  ghost: 'text-ink hover:bg-hover',
  danger: 'bg-bad text-panel hover:opacity-90 shadow-card',
};

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  tone?: ButtonTone;
  size?: 'small' | 'normal';
  icon?: ReactNode;
  /** Shows that it works on it, and takes no second click. */
  busy?: boolean;
}

export function Button({ tone = 'secondary', size = 'normal', icon, busy, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-lg font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-55',
        size === 'small' ? 'h-7 px-2.5 text-[13px]' : 'h-9 px-3.5',
        tones[tone],
        rest.className,
      )}
    >
      {busy ? <LoaderCircle className="size-4 animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  );
}
