import { Lock, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../i18n/use-words';
import type { Account } from '../state/types';
import { usePreferences } from '../ui/preferences';
import { Tab } from '../ui/tab';
import { OrderSystem } from './order-system';
import { PhoneFrame } from './phone-frame';
import { Stand } from './stand';

const VISITORS = ['A', 'B', 'C'];

/** A phone's browser on a shop's page, with the real widget in it. */
export function WebPhoneStand({ account }: { account: Account }) {
  const words = useWords();
  const { language, theme } = usePreferences();
  const [visitor, setVisitor] = useState('A');
  const [loads, setLoads] = useState(0);
  const query = new URLSearchParams({ account: account.id, visitor, language, theme });
  return (
    <Stand account={account}>
      <div
        role="tablist"
        aria-label={words('customers')}
        className="flex gap-1 rounded-xl bg-raised p-1 ring-1 ring-line"
      >
        {VISITORS.map((one) => (
          <Tab
            key={one}
            label={words('visitor', { name: one })}
            isSelected={one === visitor}
            onSelect={() => setVisitor(one)}
          />
        ))}
      </div>
      <PhoneFrame skin="webchat">
        <div className="flex shrink-0 items-center gap-2 border-b border-black/10 bg-(--bar) px-4 pt-1 pb-2 dark:border-white/10">
          <p className="flex min-w-0 flex-1 items-center justify-center gap-1.5 rounded-full bg-(--field) px-3 py-1 text-xs">
            <Lock className="size-3" aria-hidden />
            shop.acme.test
          </p>
          <button
            type="button"
            aria-label={words('webPhoneReload')}
            title={words('webPhoneReload')}
            onClick={() => setLoads(loads + 1)}
            className="rounded p-1"
          >
            <RotateCw className="size-4" aria-hidden />
          </button>
        </div>
        <iframe
          key={`${visitor}-${loads}`}
          title={`${words('webPhoneTitle')} ${visitor}`}
          src={`/sandbox/web-phone?${query}`}
          className="min-h-0 w-full flex-1 border-0"
        />
      </PhoneFrame>
      <p className="px-1 text-xs text-muted">{words('webPhoneNote')}</p>
      <OrderSystem />
    </Stand>
  );
}
