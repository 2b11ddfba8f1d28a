import type { Customer } from '../phones/customer';
import type { SandboxParts } from '../sandbox';
import { DeskClient, type SeenConversation } from './desk-client';

export const tourSteps = ['answered', 'queued', 'taken', 'replied', 'resolved'] as const;
export type TourStep = (typeof tourSteps)[number];

interface Seen {
  customers: Customer[];
  conversations: SeenConversation[];
}

/** Which steps of the newcomer's tour really happened since it began. A step once done stays done. */
export class Tour {
  private readonly done = new Set<TourStep>();
  private since: string;
  private readonly desk: DeskClient | null;

  constructor(private readonly parts: SandboxParts) {
    this.since = parts.now().toISOString();
    const { desk } = parts.settings;
    this.desk = desk ? new DeskClient(desk, () => parts.addresses.server) : null;
  }

  restart(): void {
    this.done.clear();
    this.since = this.parts.now().toISOString();
  }

  async steps(): Promise<Record<TourStep, boolean>> {
    if (this.done.size < tourSteps.length) await this.look();
    return Object.fromEntries(tourSteps.map((step) => [step, this.done.has(step)])) as Record<
      TourStep,
      boolean
    >;
  }

  private async look(): Promise<void> {
    const all = (await this.desk?.conversations()) ?? [];
    const conversations = all.filter((one) => one.updatedAt > this.since);
    const customers = this.parts.phones
      .list()
      .map((one) => ({ ...one, messages: one.messages.filter((message) => message.at > this.since) }));
    for (const step of stepsSeen({ customers, conversations })) this.done.add(step);
  }
}

/** The steps that these phones and conversations prove. */
export function stepsSeen({ customers, conversations }: Seen): TourStep[] {
  const proofs: Record<TourStep, boolean> = {
    answered:
      customers.some(hasAnswer) || conversations.some(({ lastMessage }) => lastMessage?.author === 'bot'),
    queued: conversations.some(({ status, queuedAt }) => status === 'queued' || queuedAt !== null),
    taken: conversations.some(({ assignee }) => assignee !== null),
    replied: conversations.some((one) => hasArrived(one, customers)),
    resolved: conversations.some(({ status, assignee }) => status === 'closed' && assignee !== null),
  };
  return tourSteps.filter((step) => proofs[step]);
}

function hasAnswer({ messages }: Customer): boolean {
  const asked = messages.findIndex(({ from }) => from === 'customer');
  return asked >= 0 && messages.slice(asked).some(({ from }) => from === 'account');
}

/** The agent's words are on a phone. Web chat has no double that could tell: there the agent's reply is enough. */
function hasArrived({ accountId, lastMessage }: SeenConversation, customers: Customer[]): boolean {
  if (lastMessage?.author !== 'agent') return false;
  const phones = customers.filter((customer) => customer.accountId === accountId);
  if (phones.length === 0) return true;
  const received = phones.flatMap(({ messages }) => messages.filter(({ from }) => from === 'account'));
  return received.some(({ text }) => text.startsWith(lastMessage.text));
}
