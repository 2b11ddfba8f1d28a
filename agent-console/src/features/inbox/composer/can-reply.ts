import type { ConversationView } from '../../../../../src/contract/conversations';
import { serverNow } from '../../../lib/now';

export type ReplyRefusal = 'closed' | 'not_claimed' | 'not_owner' | 'window_closed' | 'quota_used';

interface Who {
  myId: string;
  isSupervisor: boolean;
}

/** Why nothing can be sent to the contact now; null when it can. */
export function canReply(row: ConversationView, { myId, isSupervisor }: Who): ReplyRefusal | null {
  if (row.status === 'closed') return 'closed';
  if (!row.assignee) return 'not_claimed';
  if (row.assignee.id !== myId && !isSupervisor) return 'not_owner';
  if (row.replyWindow && Date.parse(row.replyWindow.closesAt) <= serverNow()) return 'window_closed';
  return row.replyWindow?.left === 0 ? 'quota_used' : null;
}
