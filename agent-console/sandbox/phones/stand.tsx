import type { ReactNode } from 'react';
import { useWords } from '../i18n/use-words';
import type { Account } from '../state/types';

/** Where a phone stands: the account above it, what one can do with it below. */
export function Stand({ account, children }: { account: Account; children: ReactNode }) {
  const words = useWords();
  return (
    <section
      aria-label={`${words(account.type)} ${account.name}`}
      data-account={account.id}
      className="flex w-full max-w-[20rem] min-w-[min(20rem,100%)] shrink-0 snap-center flex-col gap-2.5 max-sm:mx-auto lg:min-w-[17rem] lg:flex-1"
    >
      <h2 className="flex items-baseline gap-2 px-1">
        <span className="font-semibold">{words(account.type)}</span>
        <span className="truncate text-xs text-muted">{account.name}</span>
      </h2>
      {children}
    </section>
  );
}
