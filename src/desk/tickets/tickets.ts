import type { Filter, UpdateFilter } from 'mongodb';
import type { UpdateQuery } from 'mongoose';
import type { TicketEventView } from '../../contract/tickets';
import type { Actor } from '../../domain/actor';
import { maySee, type Viewer } from '../../domain/role';
import { isUnsolved } from '../../domain/ticket';
import type { Clock } from '../../platform/clock';
import { Conflict, NotFound } from '../../platform/errors';
import { goneEvents, pendingEvent, type PendingEvent } from '../../platform/events/pending';
import { sortableId } from '../../platform/ids';
import { Batched } from '../../platform/mongo/batch/batched';
import { isDuplicateKey } from '../../platform/mongo/connection';
import { pageOf, readCursor, type Page } from '../../platform/mongo/paging';
import { searchKeys } from '../../platform/text/search-keys';
import type { TicketEventRow, TicketModels, TicketRow } from './model';
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
export type ShownClocks = Required<Pick<TicketChange, 'clocks' | 'dueAt'>>;
export interface Act {
  actor: Actor;
  cause: string | null;
  at: Date;
}
/** Of a change that somebody asked for: who must see the ticket as it is then, and how they last saw it. */
export interface Asked {
  viewer?: Viewer;
  version?: number | undefined;
}

interface HistoryEntry {
  /** Unique for ever: appending the same again changes nothing. */
  id: string;
  type: string;
  act: Act;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

const longestRace = 8;

/** Tickets and their append-only history. */
export class Tickets {
  private readonly rows: Batched<TicketRow>;
  private readonly entries: Batched<TicketEventRow>;

  constructor(
    readonly models: TicketModels,
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {
    this.rows = new Batched(models.tickets);
    this.entries = new Batched(models.events);
  }

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
    return this.rows.byId(id);
  }

  async require(viewer: Viewer, id: string): Promise<TicketRow> {
    const row = await this.byId(id);
    if (!row || !maySee(viewer, ticketAudience(row))) throw new NotFound(`No ticket ${id}.`);
    return row;
  }

  /** Changes a ticket; history and event follow from what differs. */
  async change(
    id: string,
    change: TicketChange,
    act: Act,
    { viewer, version }: Asked = {},
  ): Promise<TicketRow> {
    for (let race = 0; race < longestRace; race++) {
      const row = viewer ? await this.require(viewer, id) : await this.byId(id);
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
    const update = leaving(events, {}, at) as unknown as UpdateFilter<TicketRow>;
    await this.rows.update({ _id: id }, update);
    this.changed();
  }

  /**
   * Shows the promises that run, and tells of those that ran out. False: it has changed meanwhile, or nobody can tell.
   * Many tickets at once share round trips.
   */
  async showClocks(row: TicketRow, shown: ShownClocks, told: PendingEvent[], at: Date): Promise<boolean> {
    const applied = appliedTo(row, shown, at);
    const waiting = new Set(row.pendingEvents.map(({ id }) => id));
    const fresh = told.filter(({ id }) => !waiting.has(id));
    const events = applied ? [...fresh, ...applied.events] : fresh;
    if (events.length === 0) return true;
    const { _id, version } = row;
    const untold = fresh.length > 0 ? { 'pendingEvents.id': { $nin: fresh.map(({ id }) => id) } } : {};
    const filter = { _id, version, ...untold } as Filter<TicketRow>;
    const update = leaving(events, applied?.set ?? {}, at) as unknown as UpdateFilter<TicketRow>;
    const isWritten = await this.rows.update(filter, update);
    if (isWritten) this.changed();
    return isWritten;
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

  /** Appends to the history, once for each id. Many at once share a round trip. */
  async append(ticket: TicketRow, { id: _id, type, act, before, after }: HistoryEntry): Promise<void> {
    const recordedAt = this.clock.now();
    const { teamId, accountId } = ticket;
    const place = { ticketId: ticket._id, teamId, accountId, recordedAt, order: sortableId(recordedAt) };
    await this.entries.insert({ _id, type, ...act, before, after, ...place });
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
    const applied = appliedTo(row, change, act.at);
    if (!applied) return row;
    const { next, set, events, historyId } = applied;
    const update = leaving(events, set, act.at) as unknown as UpdateQuery<TicketRow>;
    const written = await this.models.tickets.updateOne({ _id: row._id, version: row.version }, update);
    if (written.modifiedCount === 0) return null;
    const told = applied.differs.filter((key) => key !== 'clocks' && key !== 'dueAt');
    if (told.length > 0) {
      const [before, after] = [pick(row, told), pick(next, told)];
      await this.append(next, { id: historyId, type: 'changed', act, before, after });
    }
    this.changed();
    return next;
  }
}

/** How a ticket stands after a change, and the events that say so. Null: nothing differs. */
function appliedTo(row: TicketRow, change: TicketChange, at: Date) {
  const differs = (Object.keys(change) as (keyof TicketChange)[]).filter(
    (key) => JSON.stringify(change[key]) !== JSON.stringify(row[key]),
  );
  if (differs.length === 0) return null;
  const version = row.version + 1;
  const set = { ...change, ...derived(row, change, at), updatedAt: at, version };
  const next = { ...row, ...set };
  const [before, after] = [ticketAudience(row), ticketAudience(next)];
  const event = { id: `${row._id}:v${version}`, at };
  const told = pendingEvent('ticket:updated', { ticket: toTicketView(next) }, after, event);
  const gone = goneEvents('ticket:gone', { ticketId: row._id, version }, { before, after }, told);
  return { next, set, differs, historyId: told.id, events: [told, ...gone] };
}

const leaving = (events: PendingEvent[], set: object, at: Date) => ({
  $set: { ...set, relayAt: at },
  $push: { pendingEvents: { $each: events } },
});

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
