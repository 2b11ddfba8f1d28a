import type { Connection } from 'mongoose';
import { systemActor, type Actor } from '../../domain/actor';
import {
  deadline,
  matchPolicy,
  minutesFor,
  nextAlarm,
  resumeDeadline,
  type Metric,
  type Policy,
} from '../../domain/sla';
import { isUnsolved } from '../../domain/ticket';
import { derivedId } from '../../platform/ids';
import { Batched } from '../../platform/mongo/batch/batched';
import type { Clock } from '../../platform/clock';
import { isDuplicateKey } from '../../platform/mongo/connection';
import type { Conversations } from '../conversations/conversations';
import type { TicketRow } from '../tickets/model';
import type { Tickets } from '../tickets/tickets';
import { Alarms } from './alarms';
import { Display } from './display';
import { alive, defineClocks, type ClockModel, type ClockRow } from './model';
import type { Policies } from './policies';
import { sweepDue } from './sweeper';

interface Parts {
  tickets: Tickets;
  conversations: Conversations;
  policies: Policies;
  deadlines: Pick<Clock, 'now'>;
  segmentsOf(contactId: string): Promise<string[]>;
}

const responses: Metric[] = ['first_response', 'next_response'];
const theContact: Actor = { kind: 'contact', id: null, name: null };

/** The running promises: when they start, rest, and end. */
export class SlaClocks {
  readonly model: ClockModel;
  private readonly alarms: Alarms;
  private readonly display: Display;

  constructor(
    connection: Connection,
    private readonly parts: Parts,
  ) {
    this.model = defineClocks(connection);
    this.alarms = new Alarms(new Batched(this.model), parts.tickets);
    this.display = new Display(this.model, { ...parts, alarms: this.alarms });
  }

  /** Starts what the policy promises for a new ticket. */
  async begin(ticket: TicketRow, at: Date): Promise<void> {
    const policy = await this.policyFor(ticket);
    await this.start(ticket, policy, 'first_response', at);
    await this.start(ticket, policy, 'resolution', at);
    await this.show(ticket._id, at);
  }

  /** The contact wrote: someone owes an answer, waiting for the contact is over, and what was solved was not the end. */
  async contactWrote(ticketId: string, at: Date): Promise<void> {
    const ticket = await this.parts.tickets.byId(ticketId);
    if (!ticket) return;
    const isSolved = !isUnsolved(ticket.status);
    if (isSolved && !(await this.isTalkedOf(ticket))) return;
    await this.runOn(ticketId, isSolved ? ['met', 'paused'] : ['paused'], at);
    const owed = await this.model.exists({ ticketId, metric: { $in: responses }, state: { $in: alive } });
    if (!owed) await this.start(ticket, await this.policyFor(ticket), 'next_response', at);
    if (isSolved || ticket.status === 'pending')
      await this.parts.tickets.change(
        ticketId,
        { status: 'open' },
        { actor: theContact, cause: 'the contact wrote', at },
      );
    await this.settle(ticketId, at);
    await this.show(ticketId, at);
  }

  /** An agent answered. The bot's answers keep no promise. */
  async agentReplied(ticketId: string, at: Date): Promise<void> {
    await this.end(ticketId, responses, 'met', at);
    await this.show(ticketId, at);
  }

  /** Brings the clocks to where the ticket's status wants them. Safe to repeat. */
  async follow({ _id, status }: TicketRow, at: Date): Promise<void> {
    if (!isUnsolved(status)) await this.solved(_id, at);
    else await this.runOn(_id, status === 'pending' ? ['met'] : ['met', 'paused'], at);
    if (status === 'pending') await this.pause(_id, at);
    await this.show(_id, at);
  }

  /** A conversation may close while its ticket opens: then that is solved, and nothing of it runs. Safe to repeat. */
  async settle(ticketId: string, at: Date): Promise<void> {
    const ticket = await this.parts.tickets.byId(ticketId);
    if (!ticket?.conversationId || (await this.isTalkedOf(ticket))) return;
    const change = isUnsolved(ticket.status) ? { status: 'solved' as const } : {};
    const act = { actor: systemActor, cause: 'followed its conversation', at };
    await this.follow(await this.parts.tickets.change(ticketId, change, act), at);
  }

  /** Tells every warning and breach that is due. Answers when the next one is, if that is soon. */
  sweep(now: Date): Promise<Date | null> {
    return sweepDue(this.model, now, (ticketId) => this.display.show(ticketId, now, now));
  }

  private async isTalkedOf({ conversationId }: TicketRow): Promise<boolean> {
    const conversation = conversationId && (await this.parts.conversations.byId(conversationId));
    return Boolean(conversation && conversation.isOpen);
  }

  private async solved(ticketId: string, at: Date): Promise<void> {
    await this.end(ticketId, ['resolution'], 'met', at);
    await this.end(ticketId, responses, 'cancelled', at);
  }

  /** Waiting for the contact is not our time. */
  private async pause(ticketId: string, at: Date): Promise<void> {
    const running = { ticketId, metric: 'resolution' as const, state: 'running' as const };
    await this.tellDue(await this.model.find(running).lean(), at);
    await this.model.updateMany(running, { $set: { state: 'paused', pausedAt: at, nextAt: null } });
  }

  /** A resolution clock that rested, or had ended, goes on where it stopped. */
  private async runOn(ticketId: string, states: ('met' | 'paused')[], at: Date): Promise<void> {
    const stopped = { ticketId, metric: 'resolution' as const, state: { $in: states } };
    for (const row of await this.model.find(stopped).lean())
      await this.restart(row, row.pausedAt ?? row.endedAt ?? at, at);
  }

  /** The time that was left when it stopped runs on. */
  private async restart(row: ClockRow, stoppedAt: Date, at: Date): Promise<void> {
    const isLate = row.breachedAt !== null;
    const calendar = this.parts.policies.calendar(row.calendar);
    const due = isLate ? row : resumeDeadline(calendar, row, stoppedAt, at);
    const { dueAt, warnAt, lastCallAt } = due;
    const change = {
      dueAt,
      warnAt,
      lastCallAt,
      state: isLate ? ('breached' as const) : ('running' as const),
      nextAt: nextAlarm(due, row.told)?.at ?? null,
      pausedAt: null,
      endedAt: null,
    };
    await this.model.updateOne({ _id: row._id, state: row.state }, { $set: change });
  }

  private async policyFor({ channel, priority, tags, contactId }: TicketRow): Promise<Policy | null> {
    const segments = await this.parts.segmentsOf(contactId);
    return matchPolicy(this.parts.policies.policies(), { channel, priority, tags: [...tags, ...segments] });
  }

  private async start(ticket: TicketRow, policy: Policy | null, metric: Metric, at: Date): Promise<void> {
    const minutes = policy && minutesFor(policy, metric);
    if (!policy || !minutes) return;
    const due = deadline(this.parts.policies.calendar(policy.calendar), at, minutes);
    const { name, calendar } = policy;
    const cycle = metric === 'next_response' ? String(at.getTime()) : '';
    const row = {
      _id: derivedId('ck', ticket._id, metric, cycle),
      ticketId: ticket._id,
      conversationId: ticket.conversationId,
      metric,
      policy: name,
      calendar,
      state: 'running' as const,
      startedAt: at,
      ...due,
      nextAt: due.warnAt,
    };
    await this.model.insertMany([row]).catch(ignoreRepeat);
  }

  private async end(ticketId: string, metrics: Metric[], state: 'met' | 'cancelled', at: Date) {
    // An answer counts for what was owed before it, also when it is told twice. What begins later than now was before the
    // wall clock was set back.
    const began = [{ startedAt: { $lte: at } }, { startedAt: { $gt: this.parts.deadlines.now() } }];
    const ending = { ticketId, metric: { $in: metrics }, state: { $in: alive }, $or: began };
    const rows = await this.model.find(ending).lean();
    if (rows.length === 0) return;
    await this.tellDue(rows, at);
    await this.model.updateMany(ending, { $set: { state, endedAt: at, nextAt: null } });
  }

  /** Late is late, but by the time that deadlines are judged by. */
  private async tellDue(rows: ClockRow[], at: Date): Promise<void> {
    const until = new Date(Math.min(at.getTime(), this.parts.deadlines.now().getTime()));
    for (const row of rows) await this.alarms.tellDue(row, until);
  }

  private show(ticketId: string, at: Date): Promise<void> {
    return this.display.show(ticketId, at);
  }
}

function ignoreRepeat(error: unknown): void {
  if (!isDuplicateKey(error)) throw error;
}
