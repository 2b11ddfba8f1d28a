import { systemActor } from '../../domain/actor';
import { nextAlarm, type Alarm } from '../../domain/sla';
import { pendingEvent } from '../../platform/events/pending';
import type { Tickets } from '../tickets/tickets';
import { ticketAudience } from '../tickets/view';
import type { ClockModel, ClockRow } from './model';

const sweepAtOnce = 200;

/** Tells warnings and breaches: each once, with its true time, also when it is told late. */
export class Alarms {
  constructor(
    private readonly model: ClockModel,
    private readonly tickets: Tickets,
  ) {}

  /** Tells all that is due on any clock. Answers the tickets whose clocks have changed. */
  async sweep(now: Date): Promise<string[]> {
    const due = await this.model
      .find({ nextAt: { $lte: now } })
      .sort({ nextAt: 1 })
      .limit(sweepAtOnce)
      .lean();
    for (const row of due) await this.tellDue(row, now);
    return [...new Set(due.map((row) => row.ticketId))];
  }

  /** Tells what this clock owes up to a moment. What ends or pauses a clock asks this first: late is late. */
  async tellDue(row: ClockRow, until: Date): Promise<void> {
    for (let current: ClockRow | null = row; current?.state === 'running';) {
      const next = nextAlarm(current, current.told);
      if (!next || next.at > until) return;
      await this.tell(current, next.alarm, next.at);
      current = await this.mark(current, next.alarm, next.at);
    }
  }

  /** Null when another has marked it, or the clock has stopped meanwhile. */
  private mark(row: ClockRow, alarm: Alarm, at: Date): Promise<ClockRow | null> {
    const told = row.told + 1;
    const breach = alarm === 'breach' ? { state: 'breached' as const, breachedAt: at } : {};
    return this.model
      .findOneAndUpdate(
        { _id: row._id, state: 'running', told: row.told },
        { $set: { ...breach, told, nextAt: nextAlarm(row, told)?.at ?? null } },
        { returnDocument: 'after' },
      )
      .lean();
  }

  /** History and event have an id of their own, so that telling again after a crash adds nothing. */
  private async tell(row: ClockRow, alarm: Alarm, at: Date): Promise<void> {
    const ticket = await this.tickets.byId(row.ticketId);
    if (!ticket) return;
    const type = alarm === 'breach' ? 'sla:breached' : 'sla:warning';
    const id = `${row._id}:${alarm}:${at.getTime()}`;
    const { conversationId, ticketId, metric, dueAt } = row;
    const act = { actor: systemActor, cause: row.policy, at };
    await this.tickets.append(ticket, { id, type, act, before: {}, after: { metric, alarm } });
    const data = { conversationId, ticketId, metric, dueAt: dueAt.toISOString() };
    await this.tickets.tell(ticketId, [pendingEvent(type, data, ticketAudience(ticket), { id, at })], at);
  }
}
