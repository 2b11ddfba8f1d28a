import type { ConversationCounts } from '../../contract/conversations';
import { conversationStatuses, isOpenStatus, mostCounted } from '../../domain/conversation';
import { atLeast, type Viewer } from '../../domain/role';
import type { ConversationModel } from './model';

const unclosed = conversationStatuses.filter(isOpenStatus);

/** What the views of the inbox hold, each counted up to `mostCounted`: the work does not grow with what is stored. */
export async function countConversations(
  model: ConversationModel,
  viewer: Viewer,
): Promise<ConversationCounts> {
  const count = (filter: object) =>
    model.countDocuments({ workspace: 'live', ...filter }, { limit: mostCounted });
  const visible = async (status: object) => {
    const parts = await Promise.all(visibleParts(viewer).map((part) => count({ ...status, ...part })));
    return Math.min(
      mostCounted,
      parts.reduce((sum, part) => sum + part, 0),
    );
  };
  const [mine, queued, bot, snoozed, all] = await Promise.all([
    count({ isOpen: true, assigneeId: viewer.agentId, status: { $in: ['open', 'pending'] } }),
    visible({ status: 'queued' }),
    visible({ status: 'bot' }),
    visible({ status: 'snoozed' }),
    visible({ status: { $in: unclosed } }),
  ]);
  return { mine, queued, bot, snoozed, unclosed: all };
}

/** What a viewer may see, as filters of which none lets through what another does: each can be counted on an index. */
function visibleParts({ role, agentId, teamIds }: Viewer): object[] {
  if (atLeast(role, 'supervisor')) return [{}];
  const teams = [null, ...teamIds];
  return [{ teamId: { $in: teams } }, { isOpen: true, assigneeId: agentId, teamId: { $nin: teams } }];
}
