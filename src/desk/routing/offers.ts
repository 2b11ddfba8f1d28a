import { pickAgent, urgencyOf, type Candidate } from '../../domain/routing';
import type { Agents } from '../agents/agents';
import type { Conversations } from '../conversations/conversations';
import type { ConversationRow } from '../conversations/model';

interface Parts {
  conversations: Conversations;
  agents: Agents;
  offerSeconds: number;
}

type Offer = NonNullable<ConversationRow['offer']>;

const awayAfterMissed = 2;
const consideredAtOnce = 1_000;

/** Push mode: what waits is offered to whoever is free, for a while, the most urgent first. One node at a time does this. */
export class Offers {
  constructor(private readonly parts: Parts) {}

  async offerQueued(now: Date): Promise<void> {
    const { model } = this.parts.conversations;
    if (!(await model.exists({ status: 'queued' }))) return;
    const offered = await model.find({ status: 'queued', 'offer.until': { $type: 'date' } }).lean();
    const candidates = await this.parts.agents.available();
    for (const { _id, offer } of offered) if (offer) await this.review(_id, offer, candidates, now);
    const waiting = await this.takeable(candidates, now);
    for (const row of waiting.sort((a, b) => urgency(b, now) - urgency(a, now))) {
      const agent = pickAgent(toWaiting(row, now), candidates);
      if (!agent) continue;
      agent.load += 1;
      await this.offer(row, agent.id, now);
    }
  }

  /** What someone could take now, the longest waiting first: what nobody can take must not hide it. */
  private async takeable(candidates: Candidate[], now: Date): Promise<ConversationRow[]> {
    const free = candidates.filter(({ status, load, capacity }) => status === 'online' && load < capacity);
    if (free.length === 0) return [];
    const teamId = { $in: [null, ...new Set(free.flatMap(({ teamIds }) => teamIds))] };
    const queue = this.parts.conversations.model
      .find({ status: 'queued', offer: null, teamId })
      .sort({ queuedAt: 1, _id: 1 })
      .select('-pendingEvents -memory -flowRun -searchKeys')
      .lean()
      .cursor();
    const found: ConversationRow[] = [];
    for await (const row of queue) {
      if (pickAgent(toWaiting(row, now), free)) found.push(row);
      if (found.length === consideredAtOnce) break;
    }
    return found;
  }

  private async offer(row: ConversationRow, agentId: string, now: Date): Promise<void> {
    const until = new Date(now.getTime() + this.parts.offerSeconds * 1_000);
    await this.parts.conversations.change(row._id, now, ({ status, offer, updatedAt }) =>
      status === 'queued' && !offer ? { offer: { agentId, until }, updatedAt } : null,
    );
  }

  /** An offer that stands counts as work, so that nobody is overfilled; one to somebody who is gone stands no longer. */
  private async review(id: string, { agentId, until }: Offer, candidates: Candidate[], now: Date) {
    const agent = candidates.find((candidate) => candidate.id === agentId);
    if (agent?.status !== 'online') await this.withdraw(id, agentId, now);
    else if (until <= now) await this.miss(id, agent, now);
    else agent.load += 1;
  }

  private async withdraw(id: string, agentId: string, now: Date): Promise<void> {
    await this.parts.conversations.change(id, now, ({ offer, updatedAt }) =>
      offer?.agentId === agentId ? { offer: null, updatedAt } : null,
    );
  }

  /** Nobody took it in time: it goes on to the next, with its age, and who misses twice in a row is away. */
  private async miss(id: string, agent: Candidate, now: Date): Promise<void> {
    const { conversations, agents } = this.parts;
    const passed = await conversations.change(id, now, ({ offer, missedBy, updatedAt }) =>
      offer?.agentId === agent.id
        ? { offer: null, missedBy: [...new Set([...missedBy, agent.id])], updatedAt }
        : null,
    );
    if (!passed.missedBy.includes(agent.id)) return;
    if ((await agents.noteMissed(agent.id)) < awayAfterMissed) return;
    agent.status = (await agents.changeStatus(agent.id, 'away')).status;
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
