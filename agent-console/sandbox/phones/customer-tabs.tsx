import { useWords } from '../i18n/use-words';
import { selectCustomer } from '../state/store';
import { Tab } from '../ui/tab';
import type { Account, Customer } from '../state/types';

const SHOWN = 3;

/** The first customers as tabs; those of a rush in a list behind them. */
export function CustomerTabs({ account, shown }: { account: Account; shown: Customer }) {
  const words = useWords();
  const first = account.customers.slice(0, SHOWN);
  const others = account.customers.slice(SHOWN);
  const isOther = others.some(({ id }) => id === shown.id);
  return (
    <div className="flex min-w-0 gap-1 rounded-xl bg-raised p-1 ring-1 ring-line">
      <div role="tablist" aria-label={words('customers')} className="flex min-w-0 flex-1 gap-1">
        {first.map((customer) => (
          <Tab
            key={customer.id}
            label={shortName(customer.name)}
            isSelected={customer.id === shown.id}
            onSelect={() => selectCustomer(account.id, customer.id)}
          />
        ))}
      </div>
      {others.length > 0 && (
        <select
          aria-label={words('moreCustomers', { count: others.length })}
          value={isOther ? shown.id : ''}
          onChange={(event) => event.target.value && selectCustomer(account.id, event.target.value)}
          className={`w-18 shrink-0 rounded-lg px-1 text-xs ${isOther ? 'bg-selected font-semibold' : 'text-muted'}`}
        >
          <option value="">+{others.length}</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

/** The given name where names have spaces: tabs are narrow. */
const shortName = (name: string) => name.split(' ')[0] ?? name;
