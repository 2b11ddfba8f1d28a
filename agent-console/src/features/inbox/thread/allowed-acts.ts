import type { ConversationView } from '../../../../../src/contract/conversations';

interface Who {
  myId: string;
  isSupervisor: boolean;
}

/** What to offer. The server decides; here only what it would refuse is left out. */
export function allowedActs({ status, assignee }: ConversationView, { myId, isSupervisor }: Who) {
  const closed = status === 'closed';
  const mine = assignee?.id === myId;
  const steers = !closed && assignee !== null && (mine || isSupervisor);
  return {
    take: !closed && assignee === null,
    takeOver: !closed && assignee !== null && !mine && isSupervisor,
    reply: !closed && mine,
    transfer: steers || (!closed && assignee === null),
    snooze: steers && status !== 'snoozed',
    returnToQueue: steers,
    resolve: steers,
    reopen: closed,
  };
}
