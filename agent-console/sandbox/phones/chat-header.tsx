import { ChevronLeft, Ellipsis } from 'lucide-react';
import { useWords } from '../i18n/use-words';
import { useSandbox } from '../state/store';
import { useNow } from '../state/use-now';
import type { Account, Customer } from '../state/types';

/** Whom the customer talks to, and whether the other side types. */
export function ChatHeader({ account, customer }: { account: Account; customer: Customer }) {
  const words = useWords();
  const now = useNow();
  const isTyping = useSandbox((state) => (state.typingUntil[customer.id] ?? 0) > now);
  const isBot = account.type === 'telegram';
  return (
    <div className="flex shrink-0 items-center gap-2 border-b border-black/10 bg-(--bar) px-3 pt-1 pb-2 dark:border-white/10">
      <ChevronLeft className="size-5 shrink-0" aria-hidden />
      {isBot && <Avatar name={account.name} className="rounded-full" />}
      <div className={`min-w-0 flex-1 ${isBot ? '' : 'text-center'}`}>
        <p className="truncate text-sm leading-tight font-semibold">
          {isTyping && !isBot ? words('typing') : account.name}
        </p>
        {isBot && (
          <p className="truncate text-xs leading-tight text-(--faint) dark:text-(--faint)">
            {isTyping ? words('typing') : words('botSubtitle')}
          </p>
        )}
      </div>
      <Ellipsis className="size-5 shrink-0" aria-hidden />
    </div>
  );
}

export function Avatar({ name, className = '' }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden
      className={`grid size-8 shrink-0 place-items-center bg-(--avatar) text-xs font-semibold text-white ${className}`}
    >
      {[...name][0]}
    </span>
  );
}
