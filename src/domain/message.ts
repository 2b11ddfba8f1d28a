import type { Content } from './content';

export type Author = 'contact' | 'bot' | 'agent' | 'system' | 'note';

/** How far a message to the contact has come. Null for what is not sent to the contact. */
export type Delivery = 'pending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown';

/** Where a message to a contact comes from; later broadcasts and statements carry a campaign. */
export interface Origin {
  kind: 'reply' | 'flow' | 'broadcast' | 'statement';
  campaignId: string | null;
}

export interface OutgoingMessage {
  id: string;
  conversationId: string;
  threadId: string;
  accountId: string;
  content: Content;
}

const rank: Record<Delivery, number> = { pending: 0, unknown: 1, failed: 2, sent: 3, delivered: 4, read: 5 };

/** Receipts arrive in any order, even before our own send call returns: a tick never goes back. */
export function laterDelivery(current: Delivery, next: Delivery): Delivery {
  return rank[next] > rank[current] ? next : current;
}
