import type { ConversationView } from '../../contract/conversations';
import { atLeast, type Viewer } from '../../domain/role';
import {
  behind,
  pageOf,
  readCursor,
  type Order,
  type Page,
  type Position,
} from '../../platform/mongo/paging';
import { termsOf } from '../search';
import { conversationStatuses, isOpenStatus, type ConversationStatus } from '../../domain/conversation';
import type { ConversationModel, ConversationRow } from './model';
import { toConversationView } from './view';

export interface ConversationQuery {
  status?: ConversationStatus;
  closed?: 'true' | 'false';
  assignee?: string;
  team?: string;
  channel?: string;
  contact?: string;
  q?: string;
  cursor?: string;
  limit: number;
}

const latestFirst: Order = { updatedAt: -1, _id: -1 };
const longestWaitFirst: Order = { queuedAt: 1, _id: 1 };
/** A conversation stands in the index under every word: in this order no message moves it there. */
const newestFirst: Order = { createdAt: -1, _id: -1 };

/** The inbox: latest activity first; the queue longest wait first; what is searched for newest first. */
export async function listConversations(
  model: ConversationModel,
  viewer: Viewer,
  query: ConversationQuery,
): Promise<Page<ConversationView>> {
  const order = orderOf(query);
  const after = readCursor(query.cursor);
  const filters = [visible(viewer), matching(query, viewer), ...(after ? [behind(after, order)] : [])];
  const rows = await model
    .find({ workspace: 'live', $and: filters })
    .sort(order)
    .limit(query.limit + 1)
    .select('-pendingEvents -memory -flowRun -searchKeys')
    .lean();
  return pageOf(rows, query.limit, (row) => positionOf(row, order), toConversationView);
}

function orderOf({ status, q }: ConversationQuery): Order {
  if (status === 'queued') return longestWaitFirst;
  return q === undefined ? latestFirst : newestFirst;
}

/** 1 is next. Null when it does not wait. */
export async function queuePosition(model: ConversationModel, row: ConversationRow): Promise<number | null> {
  if (row.status !== 'queued' || !row.queuedAt) return null;
  const ahead = await model.countDocuments({
    status: 'queued',
    teamId: row.teamId,
    queuedAt: { $lt: row.queuedAt },
  });
  return ahead + 1;
}

export function visible(viewer: Viewer) {
  if (atLeast(viewer.role, 'supervisor')) return {};
  return { $or: [{ teamId: { $in: [null, ...viewer.teamIds] } }, { assigneeId: viewer.agentId }] };
}

function matching(
  { status, closed, assignee, team, channel, contact, q }: ConversationQuery,
  viewer: Viewer,
) {
  return {
    ...((status ?? closed) && { status: { $in: statusesOf({ status, closed }) } }),
    ...(assignee && {
      assigneeId: assignee === 'none' ? null : assignee === 'me' ? viewer.agentId : assignee,
    }),
    ...(team && { teamId: team }),
    ...(channel && { channel }),
    ...(contact && { contactId: contact }),
    ...(q !== undefined && { searchKeys: { $all: termsOf(q) } }),
  };
}

/** A list of statuses has one index for all its views; what is not closed has five of them. */
const statusesOf = ({ status, closed }: Pick<ConversationQuery, 'status' | 'closed'>): ConversationStatus[] =>
  conversationStatuses.filter(
    (one) =>
      one === (status ?? one) && isOpenStatus(one) === (closed ? closed === 'false' : isOpenStatus(one)),
  );

const positionOf = ({ _id, updatedAt, queuedAt, createdAt }: ConversationRow, order: Order): Position => {
  if (order === newestFirst) return { at: createdAt, id: _id };
  return { at: (order === longestWaitFirst ? queuedAt : null) ?? updatedAt, id: _id };
};
