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

const longestRace = 8;

/** Whether the platform lets us write now, asked before a reply is written. */
export class ReplyGate {
  constructor(private readonly parts: Parts) {}

  /** What waits to be sent counts as sent. @throws Conflict with what can be done. */
  async require({ threadId, accountId }: ConversationRow, content: Content): Promise<void> {
    const limits = this.parts.limitsOf(accountId);
    const window = await this.promised(threadId, limits);
    const needed = messagesIn(content, limits);
    const refusal = refuseMessages(window, needed, this.parts.clock.now());
    if (window && refusal) throw refused(refusal, window, needed);
  }

  /** The window without what has been promised of it and not taken yet. */
  private async promised(threadId: string, limits: ChannelLimits): Promise<ReplyWindow | null> {
    const { threads, outbox } = this.parts;
    let thread = await threads.byId(threadId);
    for (let race = 0; ; race++) {
      if (!thread?.replyWindow) return null;
      const { takenBy, replyWindow } = thread;
      if (replyWindow.left === null) return replyWindow;
      const waiting = await outbox.waitingIn(threadId);
      thread = await threads.byId(threadId);
      // What was taken between two reads would be counted twice, or not at all.
      const isSame = thread?.takenBy === takenBy && thread.replyWindow?.left === replyWindow.left;
      if (!isSame && race < longestRace) continue;
      const promised = waiting
        .filter(({ state, claim }) => state === 'pending' || claim !== takenBy)
        .reduce((sum, { content }) => sum + messagesIn(content, limits), 0);
      return { ...replyWindow, left: Math.max(0, replyWindow.left - promised) };
    }
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
