import type { Inbox } from './inbox';
import type { Outbox } from './outbox';

/** What waits and what is stuck, as the metrics tell it. Ages in seconds. */
export async function readBacklog({ inbox, outbox }: { inbox: Inbox; outbox: Outbox }, now: Date) {
  const [waiting, leaving] = await Promise.all([inbox.backlog(), outbox.backlog()]);
  const age = (at: Date | null) => (at ? (now.getTime() - at.getTime()) / 1_000 : 0);
  return {
    oldestInboxSeconds: age(waiting.oldestAt),
    oldestOutboxSeconds: age(leaving.oldestAt),
    deadLetters: waiting.dead + leaving.dead,
    unknownSends: leaving.unknown,
    quarantined: waiting.quarantined,
  };
}
