import { Batcher } from '../../platform/mongo/batch/batcher';
import type { Conversations } from '../conversations/conversations';
import type { ShownClock } from '../conversations/model';
import type { TicketRow } from '../tickets/model';
import type { Tickets } from '../tickets/tickets';
import { owedBy, type Alarms, type Owed } from './alarms';
import { alive, type ClockModel, type ClockRow } from './model';

interface Parts {
  tickets: Tickets;
  conversations: Conversations;
  alarms: Alarms;
}

const longestRace = 8;

/** Where people see the promises of a ticket: on the ticket and on its conversation. Many at once share round trips. */
export class Display {
  private readonly aliveOf: Batcher<string, ClockRow[]>;

  constructor(
    model: ClockModel,
    private readonly parts: Parts,
  ) {
    this.aliveOf = new Batcher(async (ticketIds) => {
      const rows = await model.find({ ticketId: { $in: ticketIds }, state: { $in: alive } }).lean();
      const sorted = rows.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
      return ticketIds.map((id) => ({ result: sorted.filter(({ ticketId }) => ticketId === id) }));
    });
  }

  /** Shows what runs. With `owedUntil`, also tells of each promise that has run out by then. */
  async show(ticketId: string, at: Date, owedUntil?: Date): Promise<void> {
    for (let race = 0; race < longestRace; race++) {
      // The ticket first: whoever changes a clock later than we read it shows that on a later version.
      const ticket = await this.parts.tickets.byId(ticketId);
      const clocks = await this.aliveOf.do(ticketId);
      const all = clocks.map((row) =>
        owedUntil ? owedBy(row, owedUntil) : { alarms: [], before: row, after: row },
      );
      const owed = all.filter(({ alarms }) => alarms.length > 0);
      if (!ticket || (await this.showOn(ticket, all, at))) return this.mark(owed);
    }
    throw new Error(`Ticket ${ticketId} changes too fast.`);
  }

  private async showOn(ticket: TicketRow, all: Owed[], at: Date): Promise<boolean> {
    const told = await Promise.all(all.map((one) => this.parts.alarms.record(ticket, one)));
    const clocks = all.map(({ after }) => toShown(after));
    const nearest = clocks.find(({ state }) => state !== 'paused') ?? clocks[0] ?? null;
    const dueAt = nearest && nearest.state !== 'paused' ? nearest.dueAt : null;
    const { _id, conversationId } = ticket;
    if (!(await this.parts.tickets.showClocks(ticket, { clocks, dueAt }, told.flat(), at))) return false;
    if (conversationId)
      await this.parts.conversations.show(conversationId, _id, { clock: nearest, dueAt }, at);
    return true;
  }

  private async mark(owed: Owed[]): Promise<void> {
    await Promise.all(owed.map((one) => this.parts.alarms.mark(one)));
  }
}

const toShown = ({ metric, state, startedAt, dueAt, warnAt }: ClockRow): ShownClock => ({
  metric,
  state,
  startedAt,
  dueAt,
  warnAt,
});
