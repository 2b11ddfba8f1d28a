import type { WallView } from '../contract/wall';
import type { AgentView } from '../contract/agents';
import type { Agents } from './agents/agents';
import type { ConversationModel } from './conversations/model';
import type { SlaClocks } from './sla/clocks';
import type { Policies } from './sla/policies';
import type { TicketModels } from './tickets/model';
import { toTicketView } from './tickets/view';

interface Parts {
  conversations: ConversationModel;
  clocks: SlaClocks;
  agents: Agents;
  policies: Policies;
  tickets: TicketModels['tickets'];
}

const dayMs = 24 * 3_600_000;
const breachesShown = 20;
/** Eight in ten in time: what contact centres usually promise themselves. */
const serviceLevelTarget = 0.8;

/** The live wall, read from indexed ranges. */
export async function readWall(parts: Parts, now: Date): Promise<WallView> {
  const { conversations, clocks, agents } = parts;
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
    agentsFree: people.filter(isFree).length,
    serviceLevel: ended.length === 0 ? null : inTime / ended.length,
    targets: targetsOf(parts, people),
    breaches: await readBreaches(parts),
    queues: byTeam(queued),
    agents: people.filter(({ enabled }) => enabled),
  };
}

const isFree = ({ enabled, status, load, capacity }: AgentView): boolean =>
  enabled && status === 'online' && load < capacity;

function targetsOf({ policies }: Parts, people: AgentView[]): WallView['targets'] {
  const standard = policies.policies().find(({ when }) => Object.keys(when).length === 0);
  return {
    serviceLevel: serviceLevelTarget,
    longestWaitMinutes: standard?.firstResponseMinutes ?? null,
    waiting: people.filter(isFree).reduce((sum, { capacity, load }) => sum + capacity - load, 0),
    breached: 0,
    agentsFree: 1,
  };
}

async function readBreaches({ clocks, tickets }: Parts): Promise<WallView['breaches']> {
  const late = await clocks.model
    .find({ state: 'breached' })
    .sort({ dueAt: 1 })
    .limit(breachesShown)
    .select('ticketId conversationId metric dueAt')
    .lean();
  const rows = await tickets.find({ _id: { $in: late.map(({ ticketId }) => ticketId) } }).lean();
  const byId = new Map(rows.map((row) => [row._id, toTicketView(row)]));
  return late.flatMap(({ ticketId, conversationId, metric, dueAt }) => {
    const ticket = byId.get(ticketId);
    if (!ticket) return [];
    const { number, subject, requester, channel, assignee, team } = ticket;
    return [
      {
        ticketId,
        number,
        subject,
        contact: requester,
        channel,
        metric,
        dueAt: dueAt.toISOString(),
        conversationId,
        assignee,
        team,
      },
    ];
  });
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
