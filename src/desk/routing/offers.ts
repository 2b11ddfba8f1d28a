import { pickAgent, urgencyOf, type Candidate } from '../../domain/routing';
import type { Agents } from '../agents/agents';
import type { Conversations } from '../conversations/conversations';
import type { ConversationRow } from '../conversations/model';

interface Parts {
  conversations: Conversations;
  agents: Agents;
  offerSeconds: number;
}

const awayAfterMissed = 2;
const offeredAtOnce = 100;

/** Push mode: what waits is offered to whoever is free, for a while, the most urgent first. One node at a time does this. */
export class Offers {
  constructor(private readonly parts: Parts) {}

  async offerQueued(now: Date): Promise<void> {
    const { model } = this.parts.conversations;
    const waiting = await model
      .find({ status: 'queued' })
      .sort({ queuedAt: 1, _id: 1 })
      .limit(offeredAtOnce)
      .lean();
    if (waiting.length === 0) return;
    const free: ConversationRow[] = [];
    for (const row of waiting) {
      if (!row.offer) free.push(row);
      else if (row.offer.until <= now) free.push(await this.miss(row, row.offer.agentId, now));
    }
    const candidates = await this.candidates(waiting, now);
    for (const row of free.sort((a, b) => urgency(b, now) - urgency(a, now))) {
      const agent = pickAgent(toWaiting(row, now), candidates);
      if (!agent) continue;
      agent.load += 1;
      await this.offer(row, agent.id, now);
    }
  }

  private async offer(row: ConversationRow, agentId: string, now: Date): Promise<void> {
    const until = new Date(now.getTime() + this.parts.offerSeconds * 1_000);
    await this.parts.conversations.change(row._id, now, ({ status, offer, updatedAt }) =>
      status === 'queued' && !offer ? { offer: { agentId, until }, updatedAt } : null,
    );
  }

  /** Nobody took it in time: it goes on to the next, with its age, and who misses twice in a row is away. */
  private async miss(row: ConversationRow, agentId: string, now: Date): Promise<ConversationRow> {
    const { conversations, agents } = this.parts;
    const passed = await conversations.change(row._id, now, ({ offer, missedBy, updatedAt }) =>
      offer?.agentId === agentId
        ? { offer: null, missedBy: [...new Set([...missedBy, agentId])], updatedAt }
        : null,
    );
    if (!passed.missedBy.includes(agentId)) return passed;
    if ((await agents.noteMissed(agentId)) >= awayAfterMissed) await agents.changeStatus(agentId, 'away');
    return passed;
  }

  /** Offers that stand count as work, so that nobody is overfilled. */
  private async candidates(waiting: ConversationRow[], now: Date): Promise<Candidate[]> {
    const standing = waiting.flatMap(({ offer }) => (offer && offer.until > now ? [offer.agentId] : []));
    const agents = await this.parts.agents.available();
    return agents.map((agent) => ({
      ...agent,
      load: agent.load + standing.filter((id) => id === agent.id).length,
    }));
  }
}

const toWaiting = ({ teamId, skills, language, missedBy, queuedAt }: ConversationRow, now: Date) => ({
  teamId,
  skills,
  language,
  missedBy,
  waitedMs: now.getTime() - (queuedAt ?? now).getTime(),
});

const urgency = ({ priority, queuedAt, dueAt, replyWindow }: ConversationRow, now: Date): number =>
  urgencyOf(
    { priority, queuedAt: queuedAt ?? now, dueAt, windowClosesAt: replyWindow?.closesAt ?? null },
    now,
  );
