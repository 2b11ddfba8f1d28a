import { Schema, type Connection, type Model } from 'mongoose';
import { systemActor } from '../../domain/actor';
import {
  deadline,
  matchPolicy,
  minutesFor,
  resumeDeadline,
  type ClockState,
  type Metric,
} from '../../domain/sla';
import { derivedId } from '../../platform/ids';
import { isDuplicateKey } from '../../platform/mongo/connection';
import { pendingEvent } from '../../platform/events/pending';
import type { Conversations } from '../conversations/conversations';
import type { ShownClock } from '../conversations/model';
import type { TicketRow } from '../tickets/model';
import type { Tickets } from '../tickets/tickets';
import { ticketAudience } from '../tickets/view';
import type { Policies } from './policies';

export interface ClockRow {
  _id: string;
  ticketId: string;
  conversationId: string | null;
  metric: Metric;
  policy: string;
  calendar: 'hours' | 'always';
  state: ClockState;
  startedAt: Date;
  dueAt: Date;
  warnAt: Date;
  pausedAt: Date | null;
  warnedAt: Date | null;
  breachedAt: Date | null;
  endedAt: Date | null;
  /** When the sweeper must look at it next; null when it has nothing to do. */
  nextAt: Date | null;
}

interface Parts {
  tickets: Tickets;
  conversations: Conversations;
  policies: Policies;
}

const isAlive = ['running', 'paused', 'breached'] as const;

/** The running promises. Each warning and each breach is told once, with its true time, also after a downtime. */
export class SlaClocks {
  readonly model: Model<ClockRow>;

  constructor(
    connection: Connection,
    private readonly parts: Parts,
  ) {
    this.model = connection.model<ClockRow>('SlaClock', schema, 'clocks');
  }

  /** Starts what the policy promises for a new ticket. */
  async begin(ticket: TicketRow, at: Date): Promise<void> {
    await this.start(ticket, 'first_response', at);
    await this.start(ticket, 'resolution', at);
    await this.show(ticket._id);
  }

  /** The contact wrote: someone owes an answer. */
  async contactWrote(ticketId: string, at: Date): Promise<void> {
    const ticket = await this.parts.tickets.models.tickets.findById(ticketId).lean();
    if (!ticket) return;
    const owed = await this.model
      .findOne({ ticketId, metric: { $in: ['first_response', 'next_response'] }, state: { $in: isAlive } })
      .lean();
    await this.unpause(ticketId, at);
    if (!owed) await this.start(ticket, 'next_response', at);
    await this.show(ticketId);
  }

  /** An agent answered. The bot's answers keep no promise. */
  async agentReplied(ticketId: string, at: Date): Promise<void> {
    await this.end(ticketId, ['first_response', 'next_response'], 'met', at);
    await this.show(ticketId);
  }

  async solved(ticketId: string, at: Date): Promise<void> {
    await this.end(ticketId, ['resolution'], 'met', at);
    await this.end(ticketId, ['first_response', 'next_response'], 'cancelled', at);
    await this.show(ticketId);
  }

  /** Waiting for the contact is not our time. */
  async pause(ticketId: string, at: Date): Promise<void> {
    await this.model.updateMany(
      { ticketId, metric: 'resolution', state: 'running' },
      { $set: { state: 'paused', pausedAt: at, nextAt: null } },
    );
    await this.show(ticketId);
  }

  async resume(ticketId: string, at: Date): Promise<void> {
    await this.unpause(ticketId, at);
    await this.show(ticketId);
  }

  /** A ticket that is opened again goes on with its resolution clock. */
  async reopened(ticketId: string, at: Date): Promise<void> {
    const row = await this.model.findOne({ ticketId, metric: 'resolution' }).lean();
    if (row?.state === 'met' && row.endedAt) {
      const next = resumeDeadline(this.parts.policies.calendar(row.calendar), row, row.endedAt, at);
      const state = row.breachedAt ? 'breached' : 'running';
      const nextAt = row.breachedAt ? null : row.warnedAt ? next.dueAt : next.warnAt;
      await this.model.updateOne(
        { _id: row._id, state: 'met' },
        { $set: { ...next, state, endedAt: null, nextAt } },
      );
    }
    await this.show(ticketId);
  }

  /** Tells every warning and breach that is due. Answers how many. */
  async sweep(now: Date): Promise<number> {
    const due = await this.model
      .find({ nextAt: { $lte: now } })
      .sort({ nextAt: 1 })
      .limit(200)
      .lean();
    for (const row of due) await this.fire(row, now);
    return due.length;
  }

  private async fire(row: ClockRow, now: Date): Promise<void> {
    const isBreach = row.warnedAt !== null || row.dueAt <= now;
    const at = isBreach ? row.dueAt : row.warnAt;
    await this.tell(row, isBreach ? 'sla:breached' : 'sla:warning', at);
    const change = isBreach
      ? { state: 'breached' as const, breachedAt: at, warnedAt: row.warnedAt ?? row.warnAt, nextAt: null }
      : { warnedAt: at, nextAt: row.dueAt };
    await this.model.updateOne({ _id: row._id, nextAt: row.nextAt, state: 'running' }, { $set: change });
    await this.show(row.ticketId);
  }

  /** Told under an id of its own: once, though the sweeper may come twice. */
  private async tell(row: ClockRow, type: 'sla:warning' | 'sla:breached', at: Date): Promise<void> {
    const ticket = await this.parts.tickets.models.tickets.findById(row.ticketId).lean();
    if (!ticket) return;
    const id = `${row._id}:${type}:${at.getTime()}`;
    const { conversationId, ticketId, metric } = row;
    await this.parts.tickets.append(
      ticket,
      id,
      type,
      { actor: systemActor, cause: row.policy, at },
      {},
      { metric },
    );
    const data = { conversationId, ticketId, metric, dueAt: row.dueAt.toISOString() };
    await this.parts.tickets.tell(
      ticketId,
      [pendingEvent(type, data, ticketAudience(ticket), { id, at })],
      at,
    );
  }

  private async start(ticket: TicketRow, metric: Metric, at: Date): Promise<void> {
    const { channel, priority, tags } = ticket;
    const policy = matchPolicy(this.parts.policies.policies(), { channel, priority, tags });
    const minutes = policy && minutesFor(policy, metric);
    if (!policy || !minutes) return;
    const due = deadline(this.parts.policies.calendar(policy.calendar), at, minutes);
    const cycle = metric === 'next_response' ? String(at.getTime()) : '';
    try {
      await this.model.insertMany([
        {
          _id: derivedId('ck', ticket._id, metric, cycle),
          ticketId: ticket._id,
          conversationId: ticket.conversationId,
          metric,
          policy: policy.name,
          calendar: policy.calendar,
          state: 'running',
          startedAt: at,
          ...due,
          nextAt: due.warnAt,
        },
      ]);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  private async end(
    ticketId: string,
    metrics: Metric[],
    state: 'met' | 'cancelled',
    at: Date,
  ): Promise<void> {
    await this.model.updateMany(
      { ticketId, metric: { $in: metrics }, state: { $in: isAlive } },
      { $set: { state, endedAt: at, nextAt: null } },
    );
  }

  private async unpause(ticketId: string, at: Date): Promise<void> {
    for (const row of await this.model.find({ ticketId, state: 'paused' }).lean()) {
      const next = resumeDeadline(this.parts.policies.calendar(row.calendar), row, row.pausedAt ?? at, at);
      const nextAt = row.warnedAt ? next.dueAt : next.warnAt;
      await this.model.updateOne(
        { _id: row._id, state: 'paused' },
        { $set: { ...next, state: 'running', pausedAt: null, nextAt } },
      );
    }
  }

  /** Writes the nearest deadline where lists read it. */
  private async show(ticketId: string): Promise<void> {
    const rows = await this.model
      .find({ ticketId, state: { $in: isAlive } })
      .sort({ dueAt: 1 })
      .lean();
    const clocks = rows.map(toShown);
    const nearest = clocks.find((clock) => clock.state !== 'paused') ?? clocks[0] ?? null;
    const dueAt = nearest && nearest.state !== 'paused' ? nearest.dueAt : null;
    const at = rows[0]?.startedAt ?? new Date(0);
    const ticket = await this.parts.tickets.change(
      ticketId,
      { clocks, dueAt },
      { actor: systemActor, cause: 'sla', at },
    );
    if (!ticket.conversationId) return;
    await this.parts.conversations.show(ticket.conversationId, { clock: nearest, dueAt });
  }
}

const toShown = ({ metric, state, startedAt, dueAt, warnAt }: ClockRow): ShownClock => ({
  metric,
  state,
  startedAt,
  dueAt,
  warnAt,
});

const required = { type: String, required: true };
const time = { type: Date, required: true };
const moment = { type: Date, default: null };
const schema = new Schema<ClockRow>(
  {
    _id: required,
    ticketId: required,
    conversationId: { type: String, default: null },
    metric: required,
    policy: required,
    calendar: required,
    state: required,
    startedAt: time,
    dueAt: time,
    warnAt: time,
    pausedAt: moment,
    warnedAt: moment,
    breachedAt: moment,
    endedAt: moment,
    nextAt: moment,
  },
  { versionKey: false },
);
schema.index({ nextAt: 1 }, { partialFilterExpression: { nextAt: { $type: 'date' } } });
schema.index({ ticketId: 1, state: 1, dueAt: 1 });
