import type { Content } from './content';

/** Who wrote, as the platform knows them. */
export interface InboundAuthor {
  network: string;
  /** The id on this account (openid, chat id, visitor id). */
  externalId: string;
  /** The id across the accounts of one owner (unionid), where the platform gives one. */
  platformId: string | null;
  name: string | null;
  language: string | null;
  followers: number | null;
}

export type InboundEvent =
  | { type: 'subscribed'; source: string | null }
  | { type: 'unsubscribed' }
  | { type: 'menuClicked'; key: string }
  | { type: 'scanned'; key: string }
  | { type: 'messageEdited'; externalId: string; content: Content }
  /** The platform shows us a message of ours: `messageId` is the key that we gave it. */
  | { type: 'echoed'; messageId: string; externalId: string | null }
  | { type: 'receipt'; externalId: string; delivery: 'sent' | 'delivered' | 'read' | 'failed' }
  | { type: 'locationReported'; latitude: number; longitude: number }
  | { type: 'other'; name: string };

/** One thing that arrived on a channel, ready for the durable inbox. */
export interface Inbound {
  /** `{accountId}:{externalId}`: the same delivery twice is the same row. */
  id: string;
  accountId: string;
  channel: string;
  threadId: string;
  identityId: string;
  author: InboundAuthor;
  what: { kind: 'message'; content: Content } | { kind: 'event'; event: InboundEvent };
  /** The platform's time, if it told one. */
  sentAt: Date | null;
  /** What the adapter needs to answer in this thread (chat id, openid). */
  threadTags: Record<string, string>;
  /** The webhook's body as it came. */
  raw: Uint8Array | null;
}
