import type { TicketEventView, TicketView } from '../../contract/tickets';
import type { Audience } from '../../domain/role';
import { toClockView } from '../conversations/view';
import type { TicketEventRow, TicketRow } from './model';

const named = (id: string | null, name: string | null) => (id ? { id, name: name ?? id } : null);

/** A ticket as the console sees it. */
export function toTicketView(row: TicketRow): TicketView {
  return {
    id: row._id,
    number: row.number,
    subject: row.subject,
    status: row.status,
    priority: row.priority,
    category: row.category,
    tags: row.tags,
    fields: row.fields,
    requester: { id: row.contactId, name: row.contactName },
    assignee: named(row.assigneeId, row.assigneeName),
    team: named(row.teamId, row.teamName),
    channel: row.channel,
    conversationId: row.conversationId,
    origin: row.origin,
    clocks: row.clocks.map(toClockView),
    dueAt: row.dueAt?.toISOString() ?? null,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    solvedAt: row.solvedAt?.toISOString() ?? null,
  };
}

export const toTicketEventView = (row: TicketEventRow): TicketEventView => ({
  id: row._id,
  ticketId: row.ticketId,
  type: row.type,
  actor: row.actor,
  before: row.before,
  after: row.after,
  cause: row.cause,
  at: row.at.toISOString(),
  recordedAt: row.recordedAt.toISOString(),
});

export const ticketAudience = (row: Pick<TicketRow, 'teamId' | 'assigneeId'>): Audience => ({
  teamId: row.teamId,
  agentIds: row.assigneeId ? [row.assigneeId] : [],
});
