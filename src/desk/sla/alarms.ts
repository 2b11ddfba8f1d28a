import { systemActor } from '../../domain/actor';
import { nextAlarm, type Alarm } from '../../domain/sla';
import { pendingEvent, type PendingEvent } from '../../platform/events/pending';
import type { Batched } from '../../platform/mongo/batch/batched';
import type { TicketRow } from '../tickets/model';
import type { Tickets } from '../tickets/tickets';
import { ticketAudience } from '../tickets/view';
import type { ClockRow } from './model';

interface Due {
  alarm: Alarm;
  at: Date;
}
/** What a clock owes up to a moment, in order, and how it stands once that is told. */
export interface Owed {
  alarms: Due[];
  before: ClockRow;
  after: ClockRow;
}

export function owedBy(before: ClockRow, until: Date): Owed {
  const alarms: Due[] = [];
  let after = before;
  while (after.state === 'running') {
    const next = nextAlarm(after, after.told);
    if (!next || next.at > until) break;
    alarms.push(next);
    after = afterAlarm(after, next);
  }
  return { alarms, before, after };
}

function afterAlarm(row: ClockRow, { alarm, at }: Due): ClockRow {
  const told = row.told + 1;
  const breach = alarm === 'breach' ? { state: 'breached' as const, breachedAt: at } : {};
  return { ...row, ...breach, told, nextAt: nextAlarm(row, told)?.at ?? null };
}

/** Warnings and breaches: each once, with its true time, also when it is told late. Many at once share round trips. */
export class Alarms {
  constructor(
    private readonly rows: Batched<ClockRow>,
    private readonly tickets: Tickets,
  ) {}

  /** Tells what this clock owes up to a moment. What ends or pauses a clock asks this first: late is late. */
  async tellDue(row: ClockRow, until: Date): Promise<void> {
    const owed = owedBy(row, until);
    const last = owed.alarms.at(-1);
    if (!last) return;
    const ticket = await this.tickets.byId(row.ticketId);
    if (ticket) await this.tickets.tell(row.ticketId, await this.record(ticket, owed), last.at);
    await this.mark(owed);
  }

  /** Writes the history, and answers the events. Each has an id of its own: telling again after a crash adds nothing. */
  async record(ticket: TicketRow, { alarms, before: row }: Owed): Promise<PendingEvent[]> {
    const { conversationId, ticketId, metric, dueAt } = row;
    const told = alarms.map(({ alarm, at }) => ({
      id: `${row._id}:${alarm}:${at.getTime()}`,
      type: alarm === 'breach' ? ('sla:breached' as const) : ('sla:warning' as const),
      act: { actor: systemActor, cause: row.policy, at },
      after: { metric, alarm },
    }));
    await Promise.all(told.map((entry) => this.tickets.append(ticket, { ...entry, before: {} })));
    const data = { conversationId, ticketId, metric, dueAt: dueAt.toISOString() };
    const audience = ticketAudience(ticket);
    return told.map(({ id, type, act }) => pendingEvent(type, data, audience, { id, at: act.at }));
  }

  /** The last step: until then it is all done again. Another one may have marked it, or the clock has stopped meanwhile. */
  async mark({ before, after }: Owed): Promise<void> {
    const { _id, told } = before;
    const { state, breachedAt, nextAt } = after;
    const change = { state, breachedAt, told: after.told, nextAt };
    await this.rows.update({ _id, state: 'running', told }, { $set: change });
  }
}
