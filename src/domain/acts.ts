import type { ConversationStatus } from './conversation';
import { atLeast, type Viewer } from './role';

/** What an act needs to know of a conversation. */
export interface ActOn {
  status: ConversationStatus;
  assigneeId: string | null;
}

/** Why an act is refused. Null: it may be done. */
export type Refusal = 'already_claimed' | 'not_claimed' | 'not_owner' | 'closed' | 'not_closed';

export function refuseClaim({ status, assigneeId }: ActOn, viewer: Viewer): Refusal | null {
  if (status === 'closed') return 'closed';
  if (assigneeId && assigneeId !== viewer.agentId) return 'already_claimed';
  return null;
}

/** Replying, snoozing and closing belong to the owner; a supervisor may step in. */
export function refuseOwnersAct({ status, assigneeId }: ActOn, viewer: Viewer): Refusal | null {
  if (status === 'closed') return 'closed';
  if (!assigneeId) return 'not_claimed';
  return assigneeId === viewer.agentId || atLeast(viewer.role, 'supervisor') ? null : 'not_owner';
}

/** What nobody owns yet may be handed on by anyone who sees it. */
export function refuseHandingOn({ status, assigneeId }: ActOn, viewer: Viewer): Refusal | null {
  if (status === 'closed') return 'closed';
  if (!assigneeId || assigneeId === viewer.agentId) return null;
  return atLeast(viewer.role, 'supervisor') ? null : 'not_owner';
}

export const refuseReopening = ({ status }: ActOn): Refusal | null =>
  status === 'closed' ? null : 'not_closed';
