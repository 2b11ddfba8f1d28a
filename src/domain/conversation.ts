export const conversationStatuses = ['bot', 'queued', 'open', 'pending', 'snoozed', 'closed'] as const;
export type ConversationStatus = (typeof conversationStatuses)[number];

/** Where counting them ends: 100 is "100 or more", which a badge shows as 99+. */
export const mostCounted = 100;

/** The bot speaks only while nobody waits for, or is, a person. */
export const botMaySpeak = (status: ConversationStatus): boolean => status === 'bot';

export const isOpenStatus = (status: ConversationStatus): boolean => status !== 'closed';

/** The status after the contact wrote: a waiting conversation comes back to its agent. */
export function statusAfterContactWrote(
  status: ConversationStatus,
  hasAssignee: boolean,
): ConversationStatus {
  if (status !== 'pending' && status !== 'snoozed') return status;
  return hasAssignee ? 'open' : 'queued';
}
