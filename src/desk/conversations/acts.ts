import type { ConversationView } from '../../contract/conversations';
import { systemActor, type Actor } from '../../domain/actor';
import {
  refuseClaim,
  refuseHandingOn,
  refuseOwnersAct,
  refuseReopening,
  type Refusal,
} from '../../domain/acts';
import type { ConversationStatus } from '../../domain/conversation';
import { atLeast, maySee } from '../../domain/role';
import type { Clock } from '../../platform/clock';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../../platform/errors';
import type { Session } from '../../platform/http/api';
import { isDuplicateKey } from '../../platform/mongo/connection';
import type { Agents } from '../agents/agents';
import type { AgentRow, TeamRow } from '../agents/model';
import type { Cases } from '../tickets/cases';
import type { Act, TicketChange } from '../tickets/tickets';
import type { Change } from './change';
import type { Conversations, Known } from './conversations';
import type { ConversationRow } from './model';
import { audienceOf, toConversationView } from './view';

export interface ActParts {
  conversations: Conversations;
  cases: Cases;
  agents: Agents;
  clock: Clock;
  hasConsole(agentId: string): Promise<boolean>;
}

/** Someone, or a team, that a conversation goes to. */
type Target = { kind: 'colleague'; agent: AgentRow } | { kind: 'team'; team: TeamRow };

/** What agents do with a conversation. Each is one compare-and-set; its ticket follows. */
export class ConversationActs {
  constructor(private readonly parts: ActParts) {}

  /** Of all who claim at once one wins; the others hear who. */
  async claim(known: Known, session: Session): Promise<ConversationView> {
    const { agentId } = session.viewer;
    let won = false;
    const row = await this.changeAs(session, known, (current) => {
      refuse(refuseClaim(current, session.viewer), current);
      won = current.assigneeId === null;
      return won ? ownedBy(agentId, session.name) : null;
    });
    if (won) await this.parts.agents.noteAssigned(agentId);
    if (row.status !== 'open') return toConversationView(row);
    return this.follow(row, session, 'claimed', caseOf(row));
  }

  /** Gives it to a named agent: anyone to themselves, a supervisor to others. */
  async assign(known: Known, session: Session, agentId: string): Promise<ConversationView> {
    if (agentId !== session.viewer.agentId && !atLeast(session.viewer.role, 'supervisor'))
      throw new Forbidden();
    return this.handOn(known, session, { agentId }, 'assigned');
  }

  /** To a team it goes back to wait; to a colleague it is theirs. */
  transfer(
    known: Known,
    session: Session,
    to: { teamId?: string; agentId?: string },
  ): Promise<ConversationView> {
    return this.handOn(known, session, to, 'transferred');
  }

  /** It keeps its age in the queue. */
  async returnToQueue(known: Known, session: Session): Promise<ConversationView> {
    const row = await this.changeAs(session, known, (current) => {
      refuse(refuseOwnersAct(current, session.viewer), current);
      return waiting(current, this.now());
    });
    return this.follow(row, session, 'returned to queue', caseOf(row));
  }

  async snooze(known: Known, session: Session, until: Date): Promise<ConversationView> {
    const row = await this.changeAs(session, known, (current) => {
      refuse(refuseOwnersAct(current, session.viewer), current);
      if (until <= this.now()) throw new InvalidInput('until: must be in the future');
      return { status: 'snoozed', snoozedUntil: until };
    });
    return this.follow(row, session, 'snoozed', { status: 'pending' });
  }

  /** Closing solves the ticket. */
  async close(known: Known, session: Session, category?: string): Promise<ConversationView> {
    const row = await this.changeAs(session, known, (current) => {
      if (current.status === 'closed') return null;
      refuse(refuseHandingOn(current, session.viewer), current);
      const answeredBy = current.assigneeId ? 'agent' : 'bot';
      const closed: Change = { status: 'closed', closedAt: this.now(), answeredBy, ...atRest };
      return { ...closed, ...(category && { category }) };
    });
    return this.follow(row, session, 'closed', { status: 'solved', ...(category && { category }) });
  }

  /** @throws Conflict when the contact has another conversation open meanwhile. */
  async reopen(known: Known, session: Session): Promise<ConversationView> {
    const { agentId } = session.viewer;
    const row = await this.changeAs(session, known, (current) => {
      refuse(refuseReopening(current), current);
      return { ...ownedBy(agentId, session.name), closedAt: null, answeredBy: null, queuedAt: null };
    }).catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
      throw new Conflict('another_is_open', 'This contact has another open conversation.');
    });
    return this.follow(row, session, 'reopened', caseOf(row));
  }

  /** Wakes what has rested long enough. */
  async wakeSnoozed(now: Date): Promise<void> {
    const due = await this.parts.conversations.model
      .find({ status: 'snoozed', snoozedUntil: { $lte: now } })
      .limit(100)
      .lean();
    for (const row of due) await this.wake(row, now);
  }

  /** It comes back to its owner. With one who is offline, no console open, nobody would see it: it waits for the others. */
  private async wake(row: ConversationRow, now: Date): Promise<void> {
    const owner = row.assigneeId ? await this.parts.agents.byId(row.assigneeId) : null;
    const isAbsent = owner?.status === 'offline' && !(await this.parts.hasConsole(owner._id));
    const absentId = isAbsent ? owner._id : null;
    const decide = (current: ConversationRow): Change | null => {
      const { status, assigneeId, snoozedUntil } = current;
      if (status !== 'snoozed' || !snoozedUntil || snoozedUntil > now) return null;
      if (assigneeId && assigneeId !== absentId) return { status: 'open', snoozedUntil: null };
      return waiting(current, this.now());
    };
    const change: TicketChange = { status: 'open', ...(absentId && unowned) };
    await this.changeWithCase(row, decide, { change, cause: 'snooze ended' });
  }

  /** An agent has lost the connection: what they had in hand waits for the others, and what rests stays theirs. */
  releaseAllOf(agentId: string): Promise<void> {
    return this.release(agentId, ['open'], 'agent lost connection');
  }

  /** An agent was let go: nobody else could go on with what rests either. */
  releaseForGood(agentId: string): Promise<void> {
    return this.release(agentId, ['open', 'pending', 'snoozed'], 'agent was disabled');
  }

  private async release(agentId: string, statuses: ConversationStatus[], cause: string): Promise<void> {
    const owned = await this.parts.conversations.model
      .find({ assigneeId: agentId, status: { $in: statuses }, isOpen: true })
      .lean();
    const release = (row: ConversationRow): Change | null => {
      if (row.assigneeId !== agentId || !statuses.includes(row.status)) return null;
      return row.status === 'snoozed' ? unowned : waiting(row, this.now());
    };
    for (const row of owned) await this.changeWithCase(row, release, { change: unowned, cause });
  }

  /** What nobody asks for again when it fails: the ticket goes first, so that the conversation is found until both are done. */
  private async changeWithCase(
    row: ConversationRow,
    decide: (row: ConversationRow) => Change | null,
    { change, cause }: { change: TicketChange; cause: string },
  ): Promise<void> {
    const next = { ...row, ...decide(row) };
    if (row.ticketId) await this.parts.cases.change(row.ticketId, change, this.bySystem(cause));
    await this.change(row._id, decide);
    await this.settle(next);
  }

  private async handOn(
    known: Known,
    session: Session,
    to: { teamId?: string; agentId?: string },
    cause: string,
  ): Promise<ConversationView> {
    const target = await this.target(to);
    const row = await this.changeAs(session, known, (current) => {
      refuse(refuseHandingOn(current, session.viewer), current);
      if (target.kind === 'colleague') return ownedBy(target.agent._id, target.agent.name);
      const { _id: teamId, name: teamName } = target.team;
      return { ...waiting(current, this.now()), teamId, teamName };
    });
    if (target.kind === 'colleague') await this.parts.agents.noteAssigned(target.agent._id);
    return this.follow(row, session, cause, caseOf(row));
  }

  private async target({ agentId, teamId = '' }: { teamId?: string; agentId?: string }): Promise<Target> {
    const { agents } = this.parts;
    return agentId
      ? { kind: 'colleague', agent: await agents.requireEnabled(agentId) }
      : { kind: 'team', team: await agents.requireTeam(teamId) };
  }

  /** The ticket goes where its conversation went; one that a person takes without a handover gets its ticket now. */
  private async follow(row: ConversationRow, session: Session, cause: string, change: TicketChange) {
    const actor: Actor = { kind: 'agent', id: session.viewer.agentId, name: session.name };
    const act: Act = { actor, cause, at: this.now() };
    const linked = row.ticketId || row.status === 'closed' ? row : await this.takeOver(row, act);
    if (linked.ticketId) await this.parts.cases.change(linked.ticketId, change, act);
    return toConversationView(await this.settle(linked));
  }

  /** Of two acts at once the earlier may come to the ticket last. Then it brings the ticket to where the later left both. */
  private async settle(row: ConversationRow): Promise<ConversationRow> {
    const current = (await this.parts.conversations.byId(row._id)) ?? row;
    const wanted = caseOf(current);
    if (!current.ticketId || JSON.stringify(wanted) === JSON.stringify(caseOf(row))) return current;
    await this.parts.cases.change(current.ticketId, wanted, this.bySystem('followed its conversation'));
    return this.settle(current);
  }

  private async takeOver(row: ConversationRow, act: Act): Promise<ConversationRow> {
    const ticket = await this.parts.cases.takeOver(row, act);
    return this.parts.conversations.link(row._id, ticket, act.at);
  }

  /** As it is now it may be another team's: then it is none for who saw it before. */
  private changeAs({ viewer }: Session, known: Known, decide: (row: ConversationRow) => Change | null) {
    return this.change(known, (current) => {
      if (!maySee(viewer, audienceOf(current))) throw new NotFound(`No conversation ${current._id}.`);
      return decide(current);
    });
  }

  private change(known: Known, decide: (row: ConversationRow) => Change | null): Promise<ConversationRow> {
    return this.parts.conversations.change(known, this.now(), decide);
  }

  private bySystem(cause: string): Act {
    return { actor: systemActor, cause, at: this.now() };
  }

  private now(): Date {
    return this.parts.clock.now();
  }
}

const unowned = { assigneeId: null, assigneeName: null };

/** Nothing pending: no offer, no snooze, no question of a flow. */
const atRest = { offer: null, missedBy: [], snoozedUntil: null, flowRun: null };

const ownedBy = (assigneeId: string, assigneeName: string): Change => ({
  ...atRest,
  status: 'open',
  assigneeId,
  assigneeName,
});

/** Back in the queue, with its age. */
const waiting = ({ queuedAt }: ConversationRow, now: Date): Change => ({
  ...atRest,
  ...unowned,
  status: 'queued',
  queuedAt: queuedAt ?? now,
});

/** Where the ticket of a conversation belongs that a person has, or had, or that waits for one. */
function caseOf({ status, category, ...whose }: ConversationRow): TicketChange {
  if (status === 'closed') return { status: 'solved', ...(category && { category }) };
  const { assigneeId, assigneeName, teamId, teamName } = whose;
  return { status: status === 'snoozed' ? 'pending' : 'open', assigneeId, assigneeName, teamId, teamName };
}

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
