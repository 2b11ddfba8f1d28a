import type { ConversationView } from '../../contract/conversations';
import type { Actor } from '../../domain/actor';
import {
  refuseClaim,
  refuseHandingOn,
  refuseOwnersAct,
  refuseReopening,
  type Refusal,
} from '../../domain/acts';
import { atLeast } from '../../domain/role';
import type { Clock } from '../../platform/clock';
import { Conflict, Forbidden, InvalidInput } from '../../platform/errors';
import type { Session } from '../../platform/http/api';
import { isDuplicateKey } from '../../platform/mongo/connection';
import type { Agents } from '../agents/agents';
import type { SlaClocks } from '../sla/clocks';
import type { Cases } from '../tickets/cases';
import type { TicketChange, Tickets } from '../tickets/tickets';
import type { Change, Conversations } from './conversations';
import type { ConversationRow } from './model';
import { derivedId } from '../../platform/ids';
import { toConversationView } from './view';

export interface ActParts {
  conversations: Conversations;
  tickets: Tickets;
  cases: Cases;
  clocks: SlaClocks;
  agents: Agents;
  clock: Clock;
}

/** What agents do with a conversation. Each is one compare-and-set; its ticket follows. */
export class ConversationActs {
  constructor(private readonly parts: ActParts) {}

  /** Of all who claim at once one wins; the others hear who. */
  async claim(id: string, session: Session): Promise<ConversationView> {
    const row = await this.change(id, (current) => {
      refuse(refuseClaim(current, session.viewer), current);
      return current.assigneeId ? null : ownedBy(session.viewer.agentId, session.name);
    });
    await this.noteAssigned(session.viewer.agentId);
    return this.follow(await this.withTicket(row), session, 'claimed', {
      status: 'open',
      assigneeId: row.assigneeId,
      assigneeName: row.assigneeName,
    });
  }

  async assign(id: string, session: Session, agentId: string): Promise<ConversationView> {
    if (agentId !== session.viewer.agentId && !atLeast(session.viewer.role, 'supervisor'))
      throw new Forbidden();
    const agent = await this.parts.agents.requireEnabled(agentId);
    const row = await this.change(id, (current) => {
      refuse(refuseHandingOn(current, session.viewer), current);
      return ownedBy(agent._id, agent.name);
    });
    await this.noteAssigned(agent._id);
    return this.follow(await this.withTicket(row), session, 'assigned', {
      status: 'open',
      assigneeId: agent._id,
      assigneeName: agent.name,
    });
  }

  /** To a team it goes back to wait; to a colleague it is theirs. */
  async transfer(
    id: string,
    session: Session,
    to: { teamId?: string; agentId?: string },
  ): Promise<ConversationView> {
    const target = to.agentId ? await this.toColleague(to.agentId) : await this.toTeam(to.teamId ?? '');
    const row = await this.change(id, (current) => {
      refuse(refuseHandingOn(current, session.viewer), current);
      return {
        ...target.change,
        ...(target.change.status === 'queued' && { queuedAt: current.queuedAt ?? this.now() }),
      };
    });
    return this.follow(await this.withTicket(row), session, 'transferred', target.ticket);
  }

  /** It keeps its age in the queue. */
  async returnToQueue(id: string, session: Session): Promise<ConversationView> {
    const row = await this.change(id, (current) => {
      refuse(refuseOwnersAct(current, session.viewer), current);
      return { ...unowned, status: 'queued', queuedAt: current.queuedAt ?? this.now() };
    });
    return this.follow(row, session, 'returned to queue', unowned);
  }

  async snooze(id: string, session: Session, until: Date): Promise<ConversationView> {
    const row = await this.change(id, (current) => {
      refuse(refuseOwnersAct(current, session.viewer), current);
      if (until <= this.now()) throw new InvalidInput('until: must be in the future');
      return { status: 'snoozed', snoozedUntil: until };
    });
    if (row.ticketId) await this.parts.clocks.pause(row.ticketId, this.now());
    return this.follow(row, session, 'snoozed', { status: 'pending' });
  }

  /** Closing solves the ticket. */
  async close(id: string, session: Session, category?: string): Promise<ConversationView> {
    const row = await this.change(id, (current) => {
      if (current.status === 'closed') return null;
      refuse(refuseHandingOn(current, session.viewer), current);
      const closed: Change = {
        status: 'closed',
        closedAt: this.now(),
        answeredBy: current.assigneeId ? 'agent' : 'bot',
      };
      return { ...closed, offer: null, snoozedUntil: null, flowRun: null, ...(category && { category }) };
    });
    if (row.ticketId) await this.parts.clocks.solved(row.ticketId, this.now());
    return this.follow(row, session, 'closed', { status: 'solved', ...(category && { category }) });
  }

  /** @throws Conflict when the contact has another conversation open meanwhile. */
  async reopen(id: string, session: Session): Promise<ConversationView> {
    const { agentId } = session.viewer;
    try {
      const row = await this.change(id, (current) => {
        refuse(refuseReopening(current), current);
        return { ...ownedBy(agentId, session.name), closedAt: null };
      });
      if (row.ticketId) await this.parts.clocks.reopened(row.ticketId, this.now());
      return await this.follow(row, session, 'reopened', {
        status: 'open',
        assigneeId: agentId,
        assigneeName: session.name,
      });
    } catch (error) {
      if (isDuplicateKey(error))
        throw new Conflict('another_is_open', 'This contact has another open conversation.');
      throw error;
    }
  }

  /** Wakes what has rested long enough. */
  async wakeSnoozed(now: Date): Promise<void> {
    const due = await this.parts.conversations.model
      .find({ status: 'snoozed', snoozedUntil: { $lte: now } })
      .limit(100)
      .select('_id')
      .lean();
    for (const { _id } of due) {
      const row = await this.change(_id, (current) =>
        current.status === 'snoozed'
          ? { status: current.assigneeId ? 'open' : 'queued', snoozedUntil: null }
          : null,
      );
      if (row.ticketId) await this.parts.clocks.resume(row.ticketId, now);
    }
  }

  /** An agent has gone for good: what is theirs waits for the others. */
  async releaseAllOf(agentId: string): Promise<void> {
    const owned = await this.parts.conversations.model
      .find({ assigneeId: agentId, status: 'open' })
      .select('_id')
      .lean();
    for (const { _id } of owned)
      await this.change(_id, (current) =>
        current.assigneeId === agentId && current.status === 'open'
          ? { ...unowned, status: 'queued', queuedAt: current.queuedAt ?? this.now() }
          : null,
      );
  }

  private async toColleague(agentId: string): Promise<{ change: Change; ticket: TicketChange }> {
    const agent = await this.parts.agents.requireEnabled(agentId);
    const owner = { assigneeId: agent._id, assigneeName: agent.name };
    await this.noteAssigned(agent._id);
    return { change: ownedBy(agent._id, agent.name), ticket: { ...owner, status: 'open' } };
  }

  private async toTeam(teamId: string): Promise<{ change: Change; ticket: TicketChange }> {
    const team = await this.parts.agents.requireTeam(teamId);
    const place = { teamId: team._id, teamName: team.name, ...unowned };
    return { change: { ...place, status: 'queued' }, ticket: place };
  }

  /** A conversation that goes from the bot to a person without a handover gets its ticket too. */
  private async withTicket(row: ConversationRow): Promise<ConversationRow> {
    if (row.ticketId) return row;
    const opened = await this.parts.cases.openCase({
      id: derivedId('tk', row._id),
      conversation: row,
      handover: {
        reason: 'reopened',
        summary: row.lastMessage?.text ?? row.contactName,
        slots: {},
        articles: [],
        language: row.language,
        skills: [],
        priority: 'normal',
      },
      at: this.now(),
    });
    return this.change(row._id, () => ({ ticketId: opened.ticketId, ticketNumber: opened.number }));
  }

  private async follow(
    row: ConversationRow,
    session: Session,
    cause: string,
    change: TicketChange,
  ): Promise<ConversationView> {
    const actor: Actor = { kind: 'agent', id: session.viewer.agentId, name: session.name };
    if (row.ticketId) await this.parts.tickets.change(row.ticketId, change, { actor, cause, at: this.now() });
    return toConversationView((await this.parts.conversations.byId(row._id)) ?? row);
  }

  private change(id: string, decide: (row: ConversationRow) => Change | null): Promise<ConversationRow> {
    return this.parts.conversations.change(id, this.now(), decide);
  }

  private async noteAssigned(agentId: string): Promise<void> {
    await this.parts.agents.noteAssigned(agentId);
  }

  private now(): Date {
    return this.parts.clock.now();
  }
}

const unowned = { assigneeId: null, assigneeName: null };

const ownedBy = (agentId: string, name: string): Change => ({
  status: 'open',
  assigneeId: agentId,
  assigneeName: name,
  offer: null,
  snoozedUntil: null,
  flowRun: null,
});

/** @throws what the refusal means to the outside. */
export function refuse(refusal: Refusal | null, row: ConversationRow): void {
  switch (refusal) {
    case null:
      return;
    case 'already_claimed':
      throw new Conflict('already_claimed', `${row.assigneeName} has taken it.`, {
        owner: { id: row.assigneeId, name: row.assigneeName },
      });
    case 'not_claimed':
      throw new Conflict('not_claimed', 'Take it first.');
    case 'not_owner':
      throw new Forbidden(`It belongs to ${row.assigneeName}.`, 'not_owner');
    case 'closed':
      throw new Conflict('closed', 'It is closed. Reopen it first.');
    case 'not_closed':
      throw new Conflict('not_closed', 'It is not closed.');
  }
}
