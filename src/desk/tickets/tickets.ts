import type { UpdateQuery } from 'mongoose';
import type { TicketEventView } from '../../contract/tickets';
import type { Actor } from '../../domain/actor';
import { maySee, type Viewer } from '../../domain/role';
import { isUnsolved } from '../../domain/ticket';
import type { Clock } from '../../platform/clock';
import { Conflict, NotFound } from '../../platform/errors';
import { pendingEvent, type PendingEvent } from '../../platform/events/pending';
import { sortableId } from '../../platform/ids';
import { isDuplicateKey } from '../../platform/mongo/connection';
import { pageOf, readCursor, type Page } from '../../platform/mongo/paging';
import { searchKeys } from '../../platform/text/search-keys';
import type { TicketModels, TicketRow } from './model';
import { ticketAudience, toTicketEventView, toTicketView } from './view';

export type NewTicket = Pick<
  TicketRow,
  '_id' | 'subject' | 'priority' | 'contactId' | 'contactName' | 'channel' | 'conversationId' | 'origin'
> &
  Partial<
    Pick<TicketRow, 'category' | 'tags' | 'fields' | 'identityId' | 'accountId' | 'teamId' | 'teamName'>
  >;
export type TicketChange = Partial<
  Pick<
    TicketRow,
    | 'subject' | 'status' | 'priority' | 'category' | 'tags' | 'fields'
    | 'assigneeId' | 'assigneeName' | 'teamId' | 'teamName' | 'clocks' | 'dueAt'
  >
>; // prettier-ignore
export interface Act {
  actor: Actor;
  cause: string | null;
  at: Date;
}

interface HistoryEntry {
  /** Unique for ever: appending the same again changes nothing. */
  id: string;
  type: string;
  act: Act;
  before: object;
  after: object;
}

const longestRace = 8;

/** Tickets and their append-only history. */
export class Tickets {
  constructor(
    readonly models: TicketModels,
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  /** Opens a ticket under a given id; the same id again answers the one that stands. */
  async open(fresh: NewTicket, act: Act): Promise<TicketRow> {
    const known = await this.byId(fresh._id);
    const ticket = known ?? (await this.insert(fresh, act));
    const { status, subject } = ticket;
    await this.append(ticket, {
      id: `${ticket._id}:opened`,
      type: 'opened',
      act,
      before: {},
      after: { status, subject },
    });
    return ticket;
  }

  byId(id: string): Promise<TicketRow | null> {
    return this.models.tickets.findById(id).lean();
  }

  async require(viewer: Viewer, id: string): Promise<TicketRow> {
    const row = await this.byId(id);
    if (!row || !maySee(viewer, ticketAudience(row))) throw new NotFound(`No ticket ${id}.`);
    return row;
  }

  /** Changes a ticket; history and event follow from what differs. */
  async change(id: string, change: TicketChange, act: Act, version?: number): Promise<TicketRow> {
    for (let race = 0; race < longestRace; race++) {
      const row = await this.byId(id);
      if (!row) throw new NotFound(`No ticket ${id}.`);
      if (version !== undefined && row.version !== version)
        throw new Conflict('changed_meanwhile', 'Someone else changed this ticket.', {
          ticket: toTicketView(row),
        });
      const next = await this.write(row, change, act);
      if (next) return next;
    }
    throw new Error(`Ticket ${id} changes too fast.`);
  }

  /** Leaves an event with the ticket that changes nothing of it (SLA). */
  async tell(id: string, events: PendingEvent[], at: Date): Promise<void> {
    const update = { $set: { relayAt: at }, $push: { pendingEvents: { $each: events } } };
    await this.models.tickets.updateOne({ _id: id }, update as unknown as UpdateQuery<TicketRow>);
    this.changed();
  }

  async history(id: string, query: { cursor?: string; limit: number }): Promise<Page<TicketEventView>> {
    const after = readCursor(query.cursor);
    const rows = await this.models.events
      .find({ ticketId: id, ...(after && { order: { $gt: after.id } }) })
      .sort({ order: 1 })
      .limit(query.limit + 1)
      .lean();
    return pageOf(rows, query.limit, (row) => ({ at: row.at, id: row.order }), toTicketEventView);
  }

  /** Appends to the history, once for each id. */
  async append(ticket: TicketRow, { id, act, ...entry }: HistoryEntry): Promise<void> {
    const recordedAt = this.clock.now();
    const { _id: ticketId, teamId, accountId } = ticket;
    const order = sortableId(recordedAt);
    const row = { ...act, ...entry, _id: id, ticketId, teamId, accountId, recordedAt, order };
    try {
      await this.models.events.insertMany([row]);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  private async insert(fresh: NewTicket, { at }: Act): Promise<TicketRow> {
    const number = await this.nextNumber();
    const row = {
      ...fresh,
      number,
      status: 'new' as const,
      searchKeys: keysOf(fresh.subject, fresh.contactName, number),
      createdAt: at,
      updatedAt: at,
    };
    const ticket = new this.models.tickets(row).toObject();
    const event = pendingEvent('ticket:created', { ticket: toTicketView(ticket) }, ticketAudience(ticket), {
      id: `${ticket._id}:created`,
      at,
    });
    try {
      await this.models.tickets.insertMany([{ ...ticket, pendingEvents: [event], relayAt: at }]);
    } catch (error) {
      const known = isDuplicateKey(error) && (await this.byId(fresh._id));
      if (!known) throw error;
      return known;
    }
    this.changed();
    return ticket;
  }

  /** Numbers rise; one that a crash has taken is missing. */
  private async nextNumber(): Promise<number> {
    const counter = await this.models.counters
      .findOneAndUpdate({ _id: 'tickets' }, { $inc: { value: 1 } }, { upsert: true, returnDocument: 'after' })
      .lean();
    if (!counter) throw new Error('No ticket number.');
    return counter.value;
  }

  /** Null when someone else was quicker. */
  private async write(row: TicketRow, change: TicketChange, act: Act): Promise<TicketRow | null> {
    const differs = (Object.keys(change) as (keyof TicketChange)[]).filter(
      (key) => JSON.stringify(change[key]) !== JSON.stringify(row[key]),
    );
    if (differs.length === 0) return row;
    const full = { ...change, ...derived(row, change, act.at), updatedAt: act.at };
    const next = { ...row, ...full, version: row.version + 1 };
    const id = `${row._id}:v${next.version}`;
    const event = pendingEvent('ticket:updated', { ticket: toTicketView(next) }, ticketAudience(next), {
      id,
      at: act.at,
    });
    const update = {
      $set: { ...full, relayAt: act.at },
      $push: { pendingEvents: { $each: [event] } },
      $inc: { version: 1 },
    } as unknown as UpdateQuery<TicketRow>;
    const written = await this.models.tickets.updateOne({ _id: row._id, version: row.version }, update);
    if (written.modifiedCount === 0) return null;
    const told = differs.filter((key) => key !== 'clocks' && key !== 'dueAt');
    if (told.length > 0)
      await this.append(next, { id, type: 'changed', act, before: pick(row, told), after: pick(next, told) });
    this.changed();
    return next;
  }
}

/** What follows from a change. */
function derived(row: TicketRow, { status, subject }: TicketChange, at: Date): Partial<TicketRow> {
  return {
    ...(status !== undefined && { solvedAt: isUnsolved(status) ? null : (row.solvedAt ?? at) }),
    ...(subject !== undefined && { searchKeys: keysOf(subject, row.contactName, row.number) }),
  };
}

const keysOf = (subject: string, contactName: string, number: number): string[] => [
  ...searchKeys(`${subject} ${contactName}`),
  String(number),
];

const pick = (row: TicketRow, keys: string[]) =>
  Object.fromEntries(keys.map((key) => [key, row[key as keyof TicketRow]]));
