import { SendHorizontal } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useWords } from '../i18n/use-words';
import { api } from '../state/api';
import { attempt } from '../state/live';
import type { Account, Customer } from '../state/types';

/** The phone's keyboard row; an official account also has its menu. */
export function Composer({ account, customer }: { account: Account; customer: Customer }) {
  const words = useWords();
  const [text, setText] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    attempt(api.send(customer.id, { kind: 'text', text }));
    setText('');
  };
  return (
    <div className="shrink-0 bg-(--bar)">
      <form onSubmit={send} className="flex items-center gap-2 px-3 py-2">
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label={`${words('messagePlaceholder')} ${customer.name}`}
          placeholder={words('messagePlaceholder')}
          maxLength={4_096}
          className="h-9 min-w-0 flex-1 rounded-full border border-black/10 bg-(--field) px-3.5 text-sm placeholder:text-(--faint) dark:border-white/15"
        />
        <button
          type="submit"
          aria-label={words('send')}
          className="grid size-9 shrink-0 place-items-center rounded-full bg-(--send) text-white dark:text-black"
        >
          <SendHorizontal className="size-4" aria-hidden />
        </button>
      </form>
      {account.type === 'wechat' && <AccountMenu customer={customer} />}
    </div>
  );
}

function AccountMenu({ customer }: { customer: Customer }) {
  const words = useWords();
  const entries = [words('menuOrder'), words('menuReturn'), words('menuPerson')];
  return (
    <div className="flex divide-x divide-black/10 border-t border-black/10 pb-2 text-xs dark:divide-white/10 dark:border-white/10">
      {entries.map((key) => (
        <button
          key={key}
          type="button"
          onClick={() => attempt(api.send(customer.id, { kind: 'menu', key }))}
          className="min-w-0 flex-1 truncate px-1 py-2 hover:bg-black/5 dark:hover:bg-white/10"
        >
          {key}
        </button>
      ))}
    </div>
  );
}
