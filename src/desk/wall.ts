import type { WallView } from '../contract/wall';
import type { Agents } from './agents/agents';
import type { ConversationModel } from './conversations/model';
import type { SlaClocks } from './sla/clocks';

interface Parts {
  conversations: ConversationModel;
  clocks: SlaClocks;
  agents: Agents;
}

const dayMs = 24 * 3_600_000;

/** The live wall, read from indexed ranges. */
export async function readWall({ conversations, clocks, agents }: Parts, now: Date): Promise<WallView> {
  const queued = await conversations
    .find({ status: 'queued', workspace: 'live' })
    .sort({ queuedAt: 1 })
    .limit(1_000)
    .select('teamId teamName queuedAt')
    .lean();
  const people = await agents.list();
  const since = new Date(now.getTime() - dayMs);
  const ended = await clocks.model
    .find({ metric: 'first_response', startedAt: { $gt: since }, state: { $in: ['met', 'breached'] } })
    .select('breachedAt')
    .limit(5_000)
    .lean();
  const inTime = ended.filter((clock) => clock.breachedAt === null).length;
  return {
    at: now.toISOString(),
    waiting: queued.length,
    longestWaitSince: queued[0]?.queuedAt?.toISOString() ?? null,
    open: await conversations.countDocuments({ status: 'open', workspace: 'live' }),
    withBot: await conversations.countDocuments({ status: 'bot', workspace: 'live' }),
    breached: await clocks.model.countDocuments({ state: 'breached' }),
    agentsFree: people.filter((agent) => agent.status === 'online' && agent.load < agent.capacity).length,
    serviceLevel: ended.length === 0 ? null : inTime / ended.length,
    queues: byTeam(queued),
    agents: people,
  };
}

function byTeam(
  queued: { teamId: string | null; teamName: string | null; queuedAt: Date | null }[],
): WallView['queues'] {
  const queues = new Map<string | null, WallView['queues'][number]>();
  for (const { teamId, teamName, queuedAt } of queued) {
    const queue = queues.get(teamId) ?? {
      teamId,
      name: teamName,
      waiting: 0,
      longestWaitSince: queuedAt?.toISOString() ?? null,
    };
    queues.set(teamId, { ...queue, waiting: queue.waiting + 1 });
  }
  return [...queues.values()];
}
