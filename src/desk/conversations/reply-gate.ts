import { messagesIn, type ChannelLimits } from '../../channels/host/limits';
import type { Content } from '../../domain/content';
import { refuseMessages, type ReplyWindow, type WindowRefusal } from '../../domain/reply-window';
import type { Outbox } from '../../messages/outbox';
import type { Threads } from '../../messages/threads';
import type { Clock } from '../../platform/clock';
import { Conflict } from '../../platform/errors';
import type { ConversationRow } from './model';

interface Parts {
  threads: Threads;
  outbox: Outbox;
  clock: Clock;
  limitsOf(accountId: string): ChannelLimits;
}

/** Whether the platform lets us write now, asked before a reply is written. */
export class ReplyGate {
  constructor(private readonly parts: Parts) {}

  /** What waits to be sent counts as sent. @throws Conflict with what can be done. */
  async require({ threadId, accountId }: ConversationRow, content: Content): Promise<void> {
    const { threads, outbox, clock, limitsOf } = this.parts;
    // The window first: what is taken from it between the two reads is then let through, and fails visibly at worst.
    const window = (await threads.byId(threadId))?.replyWindow;
    if (!window) return;
    const limits = limitsOf(accountId);
    const needed = messagesIn(content, limits);
    const waiting = (await outbox.waitingIn(threadId)).filter(({ state }) => state === 'pending');
    const promised = waiting.reduce((sum, row) => sum + messagesIn(row.content, limits), 0);
    const left = window.left === null ? null : Math.max(0, window.left - promised);
    const refusal = refuseMessages({ ...window, left }, needed, clock.now());
    if (refusal) throw refused(refusal, { ...window, left }, needed);
  }
}

function refused(refusal: WindowRefusal, { closesAt, left }: ReplyWindow, needed: number): Conflict {
  return new Conflict(refusal, whatCanBeDone(refusal, left, needed), {
    closesAt: closesAt.toISOString(),
    left,
    needed,
  });
}

function whatCanBeDone(refusal: WindowRefusal, left: number | null, needed: number): string {
  switch (refusal) {
    case 'window_closed':
      return 'The platform takes no replies so long after the contact wrote. Wait until they write again, or reach them on another channel.';
    case 'quota_used':
      return 'The platform takes no more replies until the contact writes again. Wait for that, or reach them on another channel.';
    case 'too_long_for_quota':
      return `The platform would need ${needed} messages for this text and takes only ${left} now. Shorten it.`;
  }
}
