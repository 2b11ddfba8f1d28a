import type { ConversationCounts, ConversationView } from '../../contract/conversations';
import { atLeast, type Viewer } from '../../domain/role';
import { pageOf, readCursor, type Page, type Position } from '../../platform/mongo/paging';
import { termsOf } from '../search';
import type { ConversationStatus } from '../../domain/conversation';
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

/** The inbox: latest activity first; the queue longest wait first. */
export async function listConversations(
  model: ConversationModel,
  viewer: Viewer,
  query: ConversationQuery,
): Promise<Page<ConversationView>> {
  const isQueue = query.status === 'queued';
  const after = readCursor(query.cursor);
  const filters = [visible(viewer), matching(query, viewer), ...(after ? [beyond(after, isQueue)] : [])];
  const rows = await model
    .find({ workspace: 'live', $and: filters })
    .sort(isQueue ? { queuedAt: 1, _id: 1 } : { updatedAt: -1, _id: -1 })
    .limit(query.limit + 1)
    .select('-pendingEvents -memory -flowRun -searchKeys')
    .lean();
  return pageOf(rows, query.limit, (row) => positionOf(row, isQueue), toConversationView);
}

/** What the views of the inbox hold. Each is a count on an index. */
export async function countConversations(
  model: ConversationModel,
  viewer: Viewer,
): Promise<ConversationCounts> {
  const count = (filter: object) =>
    model.countDocuments({ workspace: 'live', isOpen: true, $and: [visible(viewer), filter] });
  const [mine, queued, bot, snoozed, unclosed] = await Promise.all([
    count({ assigneeId: viewer.agentId, status: { $in: ['open', 'pending'] } }),
    count({ status: 'queued' }),
    count({ status: 'bot' }),
    count({ status: 'snoozed' }),
    count({}),
  ]);
  return { mine, queued, bot, snoozed, unclosed };
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
    ...(status && { status }),
    ...(closed && { isOpen: closed === 'false' }),
    ...(assignee && {
      assigneeId: assignee === 'none' ? null : assignee === 'me' ? viewer.agentId : assignee,
    }),
    ...(team && { teamId: team }),
    ...(channel && { channel }),
    ...(contact && { contactId: contact }),
    ...(q !== undefined && { searchKeys: { $all: termsOf(q) } }),
  };
}

function beyond({ at, id }: Position, isQueue: boolean) {
  return isQueue
    ? { $or: [{ queuedAt: { $gt: at } }, { queuedAt: at, _id: { $gt: id } }] }
    : { $or: [{ updatedAt: { $lt: at } }, { updatedAt: at, _id: { $lt: id } }] };
}

const positionOf = (row: ConversationRow, isQueue: boolean): Position => ({
  at: (isQueue ? row.queuedAt : null) ?? row.updatedAt,
  id: row._id,
});
