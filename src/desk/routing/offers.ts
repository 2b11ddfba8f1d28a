import { pickAgent, type Candidate } from '../../domain/routing';
import type { Agents } from '../agents/agents';
import type { Conversations } from '../conversations/conversations';
import type { ConversationRow } from '../conversations/model';

interface Parts {
  conversations: Conversations;
  agents: Agents;
  offerSeconds: number;
}

const awayAfterMissed = 2;

/** Push mode: the longest waiting is offered to whoever is free, for a while. One node at a time does this. */
export class Offers {
  constructor(private readonly parts: Parts) {}

  async offerQueued(now: Date): Promise<void> {
    const waiting = await this.parts.conversations.model
      .find({ status: 'queued' })
      .sort({ queuedAt: 1, _id: 1 })
      .limit(100)
      .lean();
    if (waiting.length === 0) return;
    for (const row of waiting) if (row.offer && row.offer.until <= now) await this.miss(row, now);
    const candidates = await this.candidates(waiting);
    for (const row of waiting) {
      if (row.offer && row.offer.until > now) continue;
      const agent = pickAgent(toWaiting(row), candidates);
      if (!agent) continue;
      agent.load += 1;
      await this.offer(row, agent.id, now);
    }
  }

  private async offer(row: ConversationRow, agentId: string, now: Date): Promise<void> {
    const until = new Date(now.getTime() + this.parts.offerSeconds * 1_000);
    await this.parts.conversations.change(row._id, row.updatedAt, (current) =>
      current.status === 'queued' ? { offer: { agentId, until, missed: current.offer?.missed ?? [] } } : null,
    );
  }

  /** Nobody took it in time: it goes on to the next, with its age, and who misses twice is away. */
  private async miss(row: ConversationRow, now: Date): Promise<void> {
    const agentId = row.offer?.agentId ?? '';
    const missed = [...(row.offer?.missed ?? []), agentId];
    await this.parts.conversations.change(row._id, row.updatedAt, (current) =>
      current.offer?.agentId === agentId ? { offer: { agentId: '', until: now, missed } } : null,
    );
    row.offer = { agentId: '', until: now, missed };
    if ((await this.parts.agents.noteMissed(agentId)) >= awayAfterMissed)
      await this.parts.agents.changeStatus(agentId, 'away');
  }

  /** Offers that stand count as work, so that nobody is overfilled. */
  private async candidates(waiting: ConversationRow[]): Promise<Candidate[]> {
    const offered = (id: string) => waiting.filter((row) => row.offer?.agentId === id).length;
    const agents = await this.parts.agents.available();
    return agents.map((agent) => ({ ...agent, load: agent.load + offered(agent.id) }));
  }
}

const toWaiting = ({ teamId, skills, language, offer }: ConversationRow) => ({
  teamId,
  skills,
  language,
  missed: offer?.missed ?? [],
});
