import type { UpdateQuery } from 'mongoose';
import type { TicketEventView, TicketView } from '../../contract/tickets';
import type { Actor } from '../../domain/actor';
import { atLeast, maySee, type Viewer } from '../../domain/role';
import { isUnsolved, type TicketStatus } from '../../domain/ticket';
import type { Clock } from '../../platform/clock';
import { Conflict, InvalidInput, NotFound } from '../../platform/errors';
import { pendingEvent, type PendingEvent } from '../../platform/events/pending';
import { sortableId } from '../../platform/ids';
import { isDuplicateKey } from '../../platform/mongo/connection';
import { pageOf, readCursor, type Page } from '../../platform/mongo/paging';
import { searchKeys, searchTerms } from '../../platform/text/search-keys';
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
    const known = await this.models.tickets.findById(fresh._id).lean();
    const ticket = known ?? (await this.insert(fresh, act));
    await this.append(
      ticket,
      `${ticket._id}:opened`,
      'opened',
      act,
      {},
      { status: ticket.status, subject: ticket.subject },
    );
    return ticket;
  }

  byId(id: string): Promise<TicketRow | null> {
    return this.models.tickets.findById(id).lean();
  }

  async require(viewer: Viewer, id: string): Promise<TicketRow> {
    const row = await this.models.tickets.findById(id).lean();
    if (!row || !maySee(viewer, ticketAudience(row))) throw new NotFound(`No ticket ${id}.`);
    return row;
  }

  /** Changes a ticket; history and event follow from what differs. */
  async change(id: string, change: TicketChange, act: Act, version?: number): Promise<TicketRow> {
    for (let race = 0; race < longestRace; race++) {
      const row = await this.models.tickets.findById(id).lean();
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

  async list(
    viewer: Viewer,
    query: {
      status?: TicketStatus;
      assignee?: string;
      contact?: string;
      q?: string;
      cursor?: string;
      limit: number;
    },
  ): Promise<Page<TicketView>> {
    const after = readCursor(query.cursor);
    const assigneeId =
      query.assignee === 'me' ? viewer.agentId : query.assignee === 'none' ? null : query.assignee;
    const filters = [
      atLeast(viewer.role, 'supervisor')
        ? {}
        : { $or: [{ teamId: { $in: [null, ...viewer.teamIds] } }, { assigneeId: viewer.agentId }] },
      after
        ? { $or: [{ createdAt: { $lt: after.at } }, { createdAt: after.at, _id: { $lt: after.id } }] }
        : {},
    ];
    const rows = await this.models.tickets
      .find({
        workspace: 'live',
        ...(query.status && { status: query.status }),
        ...(query.assignee && { assigneeId }),
        ...(query.contact && { contactId: query.contact }),
        ...(query.q && { searchKeys: { $all: termsOf(query.q) } }),
        $and: filters,
      })
      .sort({ createdAt: -1, _id: -1 })
      .limit(query.limit + 1)
      .select('-pendingEvents -searchKeys')
      .lean();
    return pageOf(rows, query.limit, (row) => ({ at: row.createdAt, id: row._id }), toTicketView);
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
  async append(
    ticket: TicketRow,
    id: string,
    type: string,
    act: Act,
    before: object,
    after: object,
  ): Promise<void> {
    const recordedAt = this.clock.now();
    const { teamId, accountId } = ticket;
    const row = {
      ...act,
      _id: id,
      ticketId: ticket._id,
      type,
      teamId,
      accountId,
      before,
      after,
      recordedAt,
      order: sortableId(recordedAt),
    };
    try {
      await this.models.events.insertMany([row]);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  private async insert(fresh: NewTicket, act: Act): Promise<TicketRow> {
    const counter = await this.models.counters
      .findOneAndUpdate({ _id: 'tickets' }, { $inc: { value: 1 } }, { upsert: true, returnDocument: 'after' })
      .lean();
    const number = counter?.value ?? 1;
    const keys = [...searchKeys(`${fresh.subject} ${fresh.contactName}`), String(number)];
    const row = {
      ...fresh,
      number,
      status: 'new' as const,
      searchKeys: keys,
      createdAt: act.at,
      updatedAt: act.at,
    };
    try {
      const [created] = await this.models.tickets.create([row]);
      const ticket = created?.toObject() as TicketRow;
      const event = pendingEvent('ticket:created', { ticket: toTicketView(ticket) }, ticketAudience(ticket), {
        id: `${ticket._id}:created`,
        at: act.at,
      });
      await this.tell(ticket._id, [event], act.at);
      return ticket;
    } catch (error) {
      const known = await this.models.tickets.findById(fresh._id).lean();
      if (known) return known;
      throw error;
    }
  }

  private async write(row: TicketRow, change: TicketChange, act: Act): Promise<TicketRow | null> {
    const differs = Object.keys(change).filter(
      (key) =>
        JSON.stringify(change[key as keyof TicketChange]) !== JSON.stringify(row[key as keyof TicketRow]),
    );
    if (differs.length === 0) return row;
    const solvedAt =
      change.status === undefined
        ? row.solvedAt
        : isUnsolved(change.status)
          ? null
          : (row.solvedAt ?? act.at);
    const keys =
      change.subject === undefined
        ? {}
        : { searchKeys: [...searchKeys(`${change.subject} ${row.contactName}`), String(row.number)] };
    const full = { ...change, ...keys, solvedAt, updatedAt: act.at };
    const next = { ...row, ...full, version: row.version + 1 };
    const event = pendingEvent('ticket:updated', { ticket: toTicketView(next) }, ticketAudience(next), {
      id: `${row._id}:v${next.version}`,
      at: act.at,
    });
    const update = {
      $set: { ...full, relayAt: act.at },
      $push: { pendingEvents: { $each: [event] } },
      $inc: { version: 1 },
    };
    const written = await this.models.tickets.updateOne(
      { _id: row._id, version: row.version },
      update as unknown as UpdateQuery<TicketRow>,
    );
    if (written.modifiedCount === 0) return null;
    const told = differs.filter((key) => key !== 'clocks' && key !== 'dueAt');
    if (told.length > 0)
      await this.append(
        next,
        `${row._id}:v${next.version}`,
        'changed',
        act,
        pick(row, told),
        pick(next, told),
      );
    this.changed();
    return next;
  }
}

const pick = (row: TicketRow, keys: string[]) =>
  Object.fromEntries(keys.map((key) => [key, row[key as keyof TicketRow]]));

function termsOf(q: string): string[] {
  const terms = searchTerms(q);
  if (terms.length === 0) throw new InvalidInput('q: nothing to search for');
  return terms;
}
