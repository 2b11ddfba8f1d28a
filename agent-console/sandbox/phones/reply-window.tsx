import { Clock } from 'lucide-react';
import { useWords } from '../i18n/use-words';
import { useNow } from '../state/use-now';
import type { Account, Customer } from '../state/types';

const FULL_MS = 48 * 3_600_000;

/** How long, and how often, the platform still lets the account answer this customer. */
export function ReplyWindow({ account, customer }: { account: Account; customer: Customer }) {
  const words = useWords();
  const now = useNow();
  if (customer.isGone) return <Line tone="text-bad" text={words('windowBlocked')} />;
  if (account.type !== 'wechat') return <Line tone="text-muted" text={words('windowNone')} />;
  const leftMs = customer.window ? Date.parse(customer.window.closesAt) - now : 0;
  // Before the first word nothing has been missed.
  const closedTone = customer.messages.length === 0 ? 'text-muted' : 'text-warn';
  if (!customer.window || leftMs <= 0) return <Line tone={closedTone} text={words('windowClosed')} />;
  const tone = customer.window.left === 0 || leftMs < FULL_MS / 4 ? 'text-warn' : 'text-good';
  const text = `${words('window')} ${countdown(leftMs)} · ${words('windowLeft', { count: customer.window.left })}`;
  return <Line tone={tone} text={text} share={leftMs / FULL_MS} />;
}

function Line({ tone, text, share }: { tone: string; text: string; share?: number }) {
  return (
    <div className={`px-1 text-xs ${tone}`}>
      <p className="flex items-center gap-1.5 font-medium tabular-nums">
        <Clock className="size-3.5 shrink-0" aria-hidden />
        {text}
      </p>
      {/* Without a window there is nothing to measure; its place stays, so that the phones stand level. */}
      <svg
        viewBox="0 0 100 1"
        preserveAspectRatio="none"
        aria-hidden
        className={`mt-1.5 h-1 w-full rounded-full ${share === undefined ? '' : 'bg-line'}`}
      >
        {share !== undefined && <rect width={Math.min(100, share * 100)} height="1" fill="currentColor" />}
      </svg>
    </div>
  );
}

function countdown(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
