import { useSandbox, shownCustomer } from '../state/store';
import type { Account } from '../state/types';
import { Chat } from './chat';
import { ChatHeader } from './chat-header';
import { Composer } from './composer';
import { CustomerActs } from './customer-acts';
import { CustomerTabs } from './customer-tabs';
import { FaultSwitches } from './fault-switches';
import { PhoneFrame } from './phone-frame';
import { ReplyWindow } from './reply-window';
import { Stand } from './stand';

/** One account's phones; whose is shown is chosen by the tabs. */
export function PhoneStand({ account }: { account: Account }) {
  const selected = useSandbox((state) => state.selected);
  const customer = shownCustomer(account, selected);
  if (!customer) return null;
  return (
    <Stand account={account}>
      <CustomerTabs account={account} shown={customer} />
      <PhoneFrame skin={account.type}>
        <ChatHeader account={account} customer={customer} />
        <Chat key={customer.id} account={account} customer={customer} />
        <Composer key={`${customer.id}-composer`} account={account} customer={customer} />
      </PhoneFrame>
      <ReplyWindow account={account} customer={customer} />
      <CustomerActs account={account} customer={customer} />
      <FaultSwitches account={account} customer={customer} />
    </Stand>
  );
}
