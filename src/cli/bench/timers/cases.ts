import type { Connection } from 'mongoose';
import { defineConversations } from '../../../desk/conversations/model';
import { defineClocks } from '../../../desk/sla/model';
import { defineTickets } from '../../../desk/tickets/model';
import { defineEventLog } from '../../../platform/events/event-log';
import { clockOf, conversationOf, nameOf, ticketOf, write, type About } from '../inbox/seed';
import { spreadOf, type Spread } from '../parts/percentiles';

/** Which cases: `from` and the next `count`. All numbers have the same length, so that ids sort as they do. */
export interface Range {
  from: number;
  count: number;
}
export const firstCase = 10_000_000;

export interface BreachAudit {
  /** From when each was due to when it was written into the history of its ticket, in ms. */
  lateness: Spread;
  /** Due, and not marked, not in the history, or told to nobody. */
  lost: number;
  /** Told more than once. */
  doubled: number;
}

/** Promises written straight into the store, and what became of them. */
export class Cases {
  private readonly conversations;
  private readonly clocks;
  private readonly tickets;
  private readonly history;
  private readonly told;

  constructor(connection: Connection) {
    this.conversations = defineConversations(connection);
    this.clocks = defineClocks(connection);
    this.told = defineEventLog(connection);
    ({ tickets: this.tickets, events: this.history } = defineTickets(connection));
  }

  /** Due in days: the sweeper must only leave them alone. */
  addPending(range: Range): Promise<void> {
    return inSteps(range, async (cases) => {
      await write(this.clocks, cases.map(clockOf)); // prettier-ignore
    });
  }

  /** Tickets and their conversations, without a promise yet. */
  addTickets(range: Range): Promise<void> {
    return inSteps(range, async (cases) => {
      await write(this.conversations, cases.map((one) => conversationOf(one, 0))); // prettier-ignore
      await write(this.tickets, cases.map(ticketOf)); // prettier-ignore
    });
  }

  /** Their promises, broken one after the other within `withinMs`; their warnings have been told. */
  addDue(range: Range, { at, withinMs }: { at: number; withinMs: number }): Promise<void> {
    const brokenOf = (one: About) => {
      const dueAt = new Date(at + ((one.index - range.from) * withinMs) / range.count);
      return { ...clockOf(one), dueAt, warnAt: dueAt, lastCallAt: dueAt, nextAt: dueAt, told: 2 };
    };
    return inSteps(range, async (cases) => {
      await write(this.clocks, cases.map(brokenOf)); // prettier-ignore
    });
  }

  /** How many of those due from `at` on are marked: asked often, so counted from keys. */
  marked(at: number): Promise<number> {
    return this.clocks.countDocuments({ state: 'breached', dueAt: { $gte: new Date(at) } });
  }

  /** How many have reached the log that consoles hear; nothing but their breach is left to tell. From keys as well. */
  async heard(range: Range): Promise<number> {
    return this.told.countDocuments({ eventId: idsOf('ck', range) });
  }

  async audit(range: Range): Promise<BreachAudit> {
    const ticketId = idsOf('tk', range);
    const history = await this.history.find({ type: 'sla:breached', ticketId }).lean();
    const log = await this.told.find({ eventId: idsOf('ck', range), type: 'sla:breached' }).lean();
    const broken = await this.clocks.countDocuments({ state: 'breached', _id: idsOf('ck', range) });
    const inHistory = new Set(history.map((row) => row.ticketId)).size;
    const inLog = new Set(log.map(({ data }) => (data as { ticketId: string }).ticketId)).size;
    return {
      lateness: spreadOf(history.map(({ at, recordedAt }) => recordedAt.getTime() - at.getTime())),
      lost: range.count - Math.min(broken, inHistory, inLog),
      doubled: history.length - inHistory + log.length - inLog,
    };
  }
}

const idsOf = (kind: 'ck' | 'tk', { from, count }: Range) => ({
  $gte: `${kind}_seed${from}`,
  $lt: `${kind}_seed${from + count}`,
});

const openCase = (index: number): About => ({
  index,
  at: new Date(),
  name: nameOf(index),
  status: 'open',
  hasTicket: true,
});

async function inSteps({ from, count }: Range, writeStep: (cases: About[]) => Promise<void>): Promise<void> {
  const step = 1_000;
  for (let at = from; at < from + count; at += step)
    await writeStep(
      Array.from({ length: Math.min(step, from + count - at) }, (_unused, next) => openCase(at + next)),
    );
}
