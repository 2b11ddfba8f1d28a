import type { TicketView } from '../../contract/tickets';
import { atLeast, type Viewer } from '../../domain/role';
import type { TicketStatus } from '../../domain/ticket';
import { behind, pageOf, readCursor, type Order, type Page } from '../../platform/mongo/paging';
import { termsOf } from '../search';
import type { TicketModels } from './model';
import { toTicketView } from './view';

export interface TicketQuery {
  status?: TicketStatus;
  /** An agent id, `me` or `none`. */
  assignee?: string;
  contact?: string;
  q?: string;
  cursor?: string;
  limit: number;
}

const newestFirst: Order = { createdAt: -1, _id: -1 };

/** Newest first. */
export async function listTickets(
  { tickets }: TicketModels,
  viewer: Viewer,
  query: TicketQuery,
): Promise<Page<TicketView>> {
  const after = readCursor(query.cursor);
  const rows = await tickets
    .find({
      workspace: 'live',
      ...matching(query, viewer),
      $and: [visible(viewer), after ? behind(after, newestFirst) : {}],
    })
    .sort(newestFirst)
    .limit(query.limit + 1)
    .select('-pendingEvents -searchKeys')
    .lean();
  return pageOf(rows, query.limit, (row) => ({ at: row.createdAt, id: row._id }), toTicketView);
}

function matching({ status, assignee, contact, q }: TicketQuery, viewer: Viewer) {
  const assigneeId = assignee === 'none' ? null : assignee === 'me' ? viewer.agentId : assignee;
  return {
    ...(status && { status }),
    ...(assignee && { assigneeId }),
    ...(contact && { contactId: contact }),
    ...(q !== undefined && { searchKeys: { $all: termsOf(q) } }),
  };
}

const visible = (viewer: Viewer) =>
  atLeast(viewer.role, 'supervisor')
    ? {}
    : { $or: [{ teamId: { $in: [null, ...viewer.teamIds] } }, { assigneeId: viewer.agentId }] };
