import type { ReactNode } from 'react';
import { cx } from '../lib/class-names';

export type BadgeTone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad' | 'bot';
const tones: Record<BadgeTone, string> = {
  neutral: 'bg-raised text-muted ring-1 ring-line ring-inset',
  accent: 'bg-accent-soft text-accent-ink',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  bot: 'bg-bot-soft text-bot',
};

interface Props {
  tone?: BadgeTone;
  icon?: ReactNode;
  title?: string;
  children: ReactNode;
}

export function Badge({ tone = 'neutral', icon, title, children }: Props) {
  return (
    <span
      title={title}
      className={cx(
        'tabular inline-flex h-5.5 max-w-full shrink-0 items-center gap-1 rounded-md px-1.5 text-xs font-medium whitespace-nowrap',
        tones[tone],
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** How many wait: nothing for none. */
export function CountBadge({ count, label }: { count: number; label: string }) {
  if (count === 0) return null;
  return (
    <span className="tabular inline-flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full bg-accent px-1 text-[11px] font-semibold text-on-accent">
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
