import type { ConversationView } from '../../contract/conversations';
import type { Audience } from '../../domain/role';
import type { ConversationRow, ShownClock } from './model';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
const named = (id: string | null, name: string | null) => (id ? { id, name: name ?? id } : null);

/** A conversation as the console sees it. */
export function toConversationView(row: ConversationRow): ConversationView {
  return {
    id: row._id,
    accountId: row.accountId,
    channel: row.channel,
    status: row.status,
    contact: { id: row.contactId, name: row.contactName },
    assignee: named(row.assigneeId, row.assigneeName),
    team: named(row.teamId, row.teamName),
    ticket: row.ticketId ? { id: row.ticketId, number: row.ticketNumber ?? 0 } : null,
    lastMessage: row.lastMessage && { ...row.lastMessage, at: row.lastMessage.at.toISOString() },
    handover: toHandoverView(row),
    dueAt: iso(row.dueAt),
    clock: row.clock && toClockView(row.clock),
    replyWindow: row.replyWindow && {
      closesAt: row.replyWindow.closesAt.toISOString(),
      left: row.replyWindow.left,
    },
    language: row.language,
    priority: row.priority,
    lastSeq: row.lastSeq,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    queuedAt: iso(row.queuedAt),
    snoozedUntil: iso(row.snoozedUntil),
    closedAt: iso(row.closedAt),
    offer: row.offer && { agentId: row.offer.agentId, until: row.offer.until.toISOString() },
    previousId: row.previousId,
  };
}

function toHandoverView({ handover }: ConversationRow): ConversationView['handover'] {
  if (!handover) return null;
  const { reason, summary, slots, articles, language, at } = handover;
  return { reason, summary, slots, articles, language, at: at.toISOString() };
}

export const toClockView = (clock: ShownClock) => ({
  metric: clock.metric,
  state: clock.state,
  startedAt: clock.startedAt.toISOString(),
  dueAt: clock.dueAt.toISOString(),
  warnAt: clock.warnAt.toISOString(),
});

/** Who hears of it: its team, or everybody while it has none, and always its owner. */
export const audienceOf = (row: Pick<ConversationRow, 'teamId' | 'assigneeId'>): Audience => ({
  teamId: row.teamId,
  agentIds: row.assigneeId ? [row.assigneeId] : [],
});
