import type { MessageView } from '../../../../../src/contract/messages';

export type Mode = 'reply' | 'note';

/** Where something written here stands on its way to the server. */
export type OutboxState =
  | { kind: 'sending' }
  /** No connection: sent by itself once there is one. */
  | { kind: 'waiting' }
  /** It has waited so long that it may no longer fit: a person decides. */
  | { kind: 'stale' }
  /** A colleague answered meanwhile: a person decides. */
  | { kind: 'collision'; message: MessageView }
  | { kind: 'refused'; code: string; reason: string };

export interface OutboxItem {
  clientMessageId: string;
  conversationId: string;
  agentId: string;
  mode: Mode;
  text: string;
  /** The last message that was seen when it was written; null: send it whatever came since. */
  lastSeenSeq: number | null;
  writtenAt: string;
  state: OutboxState;
}

/** Older than this it is not sent without asking. */
export const freshForMs = 2 * 60_000;
