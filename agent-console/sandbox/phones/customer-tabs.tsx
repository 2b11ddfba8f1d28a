import { useWords } from '../i18n/use-words';
import { selectCustomer } from '../state/store';
import type { Account, Customer } from '../state/types';

const SHOWN = 3;

/** The first customers as tabs; those of a rush in a list behind them. */
export function CustomerTabs({ account, shown }: { account: Account; shown: Customer }) {
  const words = useWords();
  const first = account.customers.slice(0, SHOWN);
  const others = account.customers.slice(SHOWN);
  const isOther = others.some(({ id }) => id === shown.id);
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <div
        role="tablist"
        aria-label={words('customers')}
        className="flex gap-1 rounded-xl bg-raised p-1 ring-1 ring-line"
      >
        {first.map((customer) => (
          <button
            key={customer.id}
            type="button"
            role="tab"
            aria-selected={customer.id === shown.id}
            onClick={() => selectCustomer(account.id, customer.id)}
            title={customer.name}
            className="min-w-0 flex-1 truncate rounded-lg px-2 py-1 text-xs text-muted aria-selected:bg-selected aria-selected:font-semibold aria-selected:text-ink aria-selected:shadow-sm"
          >
            {customer.name}
          </button>
        ))}
      </div>
      {others.length > 0 && (
        <select
          aria-label={words('moreCustomers', { count: others.length })}
          value={isOther ? shown.id : ''}
          onChange={(event) => event.target.value && selectCustomer(account.id, event.target.value)}
          className="h-8 w-full rounded-lg border border-line bg-panel px-2 text-xs"
        >
          <option value="">{words('moreCustomers', { count: others.length })}</option>
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
