import { create } from 'zustand';
import type {
  Account,
  Controls,
  Customer,
  CustomerSummary,
  PhoneMessage,
  RecordedRequest,
  Shop,
  TourProgress,
} from './types';

const MAX_REQUESTS = 300;
/** The name by which the sandbox knows the order system. */
export const shopId = 'shop';

interface SandboxStore {
  phase: 'loading' | 'live' | 'away';
  publicUrl: string;
  url: string;
  accounts: Account[];
  shop: Shop | null;
  requests: RecordedRequest[];
  tour: TourProgress;
  /** Until when a phone shows that the other side types, by customer. */
  typingUntil: Record<string, number>;
  /** Whose phone is shown, by account. */
  selected: Record<string, string>;
}

export const useSandbox = create<SandboxStore>(() => ({
  phase: 'loading',
  publicUrl: '',
  url: '',
  accounts: [],
  shop: null,
  requests: [],
  tour: { answered: false, queued: false, taken: false, replied: false, resolved: false },
  typingUntil: {},
  selected: {},
}));

export function selectCustomer(accountId: string, customerId: string): void {
  useSandbox.setState(({ selected }) => ({ selected: { ...selected, [accountId]: customerId } }));
}

/** The customer whose phone an account shows now. */
export function shownCustomer(account: Account, selected: Record<string, string>): Customer | undefined {
  return account.customers.find(({ id }) => id === selected[account.id]) ?? account.customers[0];
}

export function addRequests(newer: RecordedRequest[]): void {
  useSandbox.setState(({ requests }) => {
    const last = requests.at(-1)?.seq ?? 0;
    return { requests: [...requests, ...newer.filter(({ seq }) => seq > last)].slice(-MAX_REQUESTS) };
  });
}

export function showTyping(customerId: string, until: number): void {
  useSandbox.setState(({ typingUntil }) => ({ typingUntil: { ...typingUntil, [customerId]: until } }));
}

export function changeControls(accountId: string, controls: Controls): void {
  if (accountId === shopId) useSandbox.setState(({ shop }) => ({ shop: shop && { ...shop, controls } }));
  else changeAccount(accountId, (account) => ({ ...account, controls }));
}

/** Takes over what changed of a customer; a new one gets a phone. */
export function changeCustomer(summary: CustomerSummary): void {
  changeAccount(summary.accountId, (account) => {
    const known = account.customers.some(({ id }) => id === summary.id);
    const customers = known
      ? account.customers.map((one) => (one.id === summary.id ? { ...one, ...summary } : one))
      : [...account.customers, { ...summary, messages: [] }];
    return { ...account, customers };
  });
}

/** A message that is new on a phone, or that changed there. */
export function showMessage(summary: CustomerSummary, message: PhoneMessage): void {
  changeCustomer(summary);
  if (message.from === 'account') showTyping(summary.id, 0);
  changeAccount(summary.accountId, (account) => ({
    ...account,
    customers: account.customers.map((one) =>
      one.id === summary.id ? { ...one, messages: withMessage(one.messages, message) } : one,
    ),
  }));
}

function withMessage(messages: PhoneMessage[], message: PhoneMessage): PhoneMessage[] {
  const known = messages.some(({ id }) => id === message.id);
  return known ? messages.map((one) => (one.id === message.id ? message : one)) : [...messages, message];
}

function changeAccount(accountId: string, change: (account: Account) => Account): void {
  useSandbox.setState(({ accounts }) => ({
    accounts: accounts.map((account) => (account.id === accountId ? change(account) : account)),
  }));
}
