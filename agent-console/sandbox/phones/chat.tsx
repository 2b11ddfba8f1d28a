import { useEffect, useRef } from 'react';
import { customerPhrases } from '../i18n/customer-phrases';
import { useWords } from '../i18n/use-words';
import { api } from '../state/api';
import { attempt } from '../state/live';
import type { Account, Customer } from '../state/types';
import { ChatLine } from './chat-line';

/** What this phone shows: the messages that its platform's double sent or received, nothing else. */
export function Chat({ account, customer }: { account: Account; customer: Customer }) {
  const words = useWords();
  const log = useRef<HTMLDivElement>(null);
  const last = customer.messages.at(-1);
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [last]);

  return (
    <div
      ref={log}
      role="log"
      aria-label={customer.name}
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto px-3 py-3"
    >
      {customer.messages.length === 0 && (
        <div className="m-auto flex flex-col items-center gap-2 px-4 text-center text-xs text-(--faint)">
          <p>{words('emptyPhone')}</p>
          {customerPhrases[customer.language].questions.map((text) => (
            <button
              key={text}
              type="button"
              onClick={() => attempt(api.send(customer.id, { kind: 'text', text }))}
              className="rounded-full border border-black/15 px-3 py-1.5 text-(--chat-ink) hover:bg-black/5 dark:border-white/20 dark:hover:bg-white/10"
            >
              {text}
            </button>
          ))}
        </div>
      )}
      {customer.messages.map((message, index) => (
        <ChatLine
          key={message.id}
          message={message}
          before={customer.messages[index - 1]}
          account={account}
          customer={customer}
        />
      ))}
    </div>
  );
}
