import type { Controls } from '../faults';
import type { SandboxAccount } from '../options';
import type { Customer } from '../phones/customer';
import type { PhoneMessage } from '../phones/phone-message';
import type { SandboxParts } from '../sandbox';
import { type Order, orders } from '../shop/orders';
import { shopAccountId } from '../shop/shop-double';
import { openWindow } from '../wechat/reply-quota';

export interface CustomerState {
  id: string;
  accountId: string;
  name: string;
  language: Customer['language'];
  platformId: string;
  isGone: boolean;
  /** Null: no window is open, or the platform has none. */
  window: { closesAt: string; left: number } | null;
}

export interface AccountState {
  id: string;
  type: SandboxAccount['type'];
  name: string;
  controls: Controls;
  customers: (CustomerState & { messages: PhoneMessage[] })[];
}

export interface SandboxState {
  now: string;
  publicUrl: string;
  /** Where the doubles themselves listen. */
  url: string;
  accounts: AccountState[];
  shop: { controls: Controls; orders: Pick<Order, 'number' | 'statusText'>[] };
}

export function sandboxState(parts: SandboxParts): SandboxState {
  const { accounts, faults, phones, now, addresses } = parts;
  const customersOf = (accountId: string) =>
    phones
      .list()
      .filter((customer) => customer.accountId === accountId)
      .map((customer) => ({ ...customerState(customer, now()), messages: customer.messages }));
  return {
    now: now().toISOString(),
    publicUrl: addresses.server,
    url: addresses.own,
    accounts: accounts.map(({ id, type, name }) => {
      return { id, type, name: name ?? id, controls: faults.of(id), customers: customersOf(id) };
    }),
    shop: {
      controls: faults.of(shopAccountId),
      orders: orders.map(({ number, statusText }) => ({ number, statusText })),
    },
  };
}

export function customerState(customer: Customer, now: Date): CustomerState {
  const { id, accountId, name, language, platformId, isGone } = customer;
  return { id, accountId, name, language, platformId, isGone, window: openWindow(customer, now) };
}
