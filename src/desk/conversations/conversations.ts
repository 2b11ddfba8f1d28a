import type { UpdateFilter } from 'mongodb';
import type { MessageView } from '../../contract/messages';
import { atLeast, maySee, type Audience, type Viewer } from '../../domain/role';
import { isOpenStatus } from '../../domain/conversation';
import { laterWindow, type ReplyWindow } from '../../domain/reply-window';
import { NotFound } from '../../platform/errors';
import { pendingEvent, type PendingEvent } from '../../platform/events/pending';
import { Batched } from '../../platform/mongo/batch/batched';
import { Batcher, type Outcome } from '../../platform/mongo/batch/batcher';
import { searchKeys } from '../../platform/text/search-keys';
import { visible } from './lists';
import { changed, withEvents, type Change } from './change';
import { beginning, mostSearchKeys, type ConversationModel, type ConversationRow } from './model';
import { changesOf, turnEvents, type TurnRecord } from './turn';
import { audienceOf } from './view';

export interface NewConversation {
  id: string;
  accountId: string;
  channel: string;
  threadId: string;
  identityId: string;
  contactId: string;
  contactName: string;
  language: string | null;
  at: Date;
  /** The contact was met just now. */
  isFirst?: boolean;
}

/** Places in the order of a conversation, for what is said in one turn. */
export interface Reservation {
  /** The inbox order of the turn. */
  order: string;
  count: number;
  fence: number;
  /** It began in this conversation, and ends there although that has closed. */
  isBegun: boolean;
}
/** A conversation by its id, or as it was read a moment ago: then it is not read again. */
export type Known = string | ConversationRow;

interface Whose {
  accountId: string;
  identityId: string;
}
const keyOf = ({ accountId, identityId }: Whose): string => `${accountId}|${identityId}`;

const longestRace = 8;

/** The desk's conversations. Every write is one compare-and-set that also leaves its events behind. */
export class Conversations {
  private readonly rows: Batched<ConversationRow>;
  private readonly opened = new Batcher<Whose, ConversationRow | null>((whose) => this.findAllOpen(whose));
  private readonly heard = new Batcher<string, Audience | null>((ids) => this.audiencesOf(ids));

  constructor(
    readonly model: ConversationModel,
    /** There may be events to relay. */
    private readonly changed: () => void,
  ) {
    this.rows = new Batched(model);
  }

  findOpen(accountId: string, identityId: string): Promise<ConversationRow | null> {
    return this.opened.do({ accountId, identityId });
  }

  private async findAllOpen(whose: Whose[]): Promise<Outcome<ConversationRow | null>[]> {
    const rows = await this.model.collection
      .find({
        isOpen: true,
        identityId: { $in: whose.map(({ identityId }) => identityId) },
        accountId: { $in: [...new Set(whose.map(({ accountId }) => accountId))] },
      })
      .project({ pendingEvents: 0 })
      .toArray();
    const found = new Map((rows as unknown as ConversationRow[]).map((row) => [keyOf(row), row]));
    return whose.map((one) => ({ result: found.get(keyOf(one)) ?? null }));
  }

  openInThread(threadId: string): Promise<ConversationRow | null> {
    return this.model.findOne({ threadId, isOpen: true }).lean();
  }

  byId(id: string): Promise<ConversationRow | null> {
    return this.rows.byId(id);
  }

  /** @throws NotFound also for what this viewer may not see. */
  async require(viewer: Viewer, id: string): Promise<ConversationRow> {
    const row = await this.byId(id);
    if (!row || !maySee(viewer, audienceOf(row))) throw new NotFound(`No conversation ${id}.`);
    return row;
  }

  /** Whether this viewer may see any conversation of a thread. Supervisors see all, also what is in none. */
  async maySeeThread(viewer: Viewer, threadId: string | null): Promise<boolean> {
    if (atLeast(viewer.role, 'supervisor')) return true;
    return threadId !== null && (await this.model.exists({ threadId, ...visible(viewer) })) !== null;
  }

  /** Where a turn that stopped halfway had begun: it opened this conversation, or has its places there. */
  begunBy({ id, threadId, order }: { id: string; threadId: string; order: string }) {
    return this.model.findOne({ threadId, $or: [{ _id: id }, { 'reserved.order': order }] }).lean();
  }

  /**
   * Opens one, or answers the one that was quicker: the unique index lets a single one be open. One that was opened
   * under this id before, and closed since, is answered as it stands.
   */
  async openConversation(fresh: NewConversation): Promise<ConversationRow> {
    const row = { ...draftOf(fresh), previousId: fresh.isFirst ? null : await this.previousOf(fresh) };
    if (await this.rows.insert(row)) return row;
    const known = (await this.findOpen(fresh.accountId, fresh.identityId)) ?? (await this.byId(fresh.id));
    if (!known) throw new Error(`Another conversation than ${fresh.id} was open, and closed meanwhile.`);
    return known;
  }

  private async previousOf({ id, contactId, accountId }: NewConversation): Promise<string | null> {
    const previous = await this.model
      .findOne({ contactId, accountId })
      .sort({ updatedAt: -1, _id: -1 })
      .select('_id')
      .lean();
    return previous && previous._id !== id ? previous._id : null;
  }

  /**
   * Takes places in the order of a conversation, once for each turn. Answers the row as it then stands, or null when it
   * has closed before the turn began or a newer owner of its lane is at work.
   */
  async reserve(row: ConversationRow, turn: Reservation): Promise<ConversationRow | null> {
    for (let race = 0; race < longestRace; race++) {
      if ((!row.isOpen && !turn.isBegun) || row.laneFence > turn.fence) return null;
      const isTaken = row.reserved?.order === turn.order;
      if (isTaken && row.laneFence === turn.fence) return row;
      const change = {
        laneFence: turn.fence,
        lastSeq: row.lastSeq + (isTaken ? 0 : turn.count),
        reserved: isTaken ? row.reserved : { order: turn.order, firstSeq: row.lastSeq + 1 },
      };
      const { _id, isOpen, lastSeq, laneFence } = row;
      if (await this.rows.update({ _id, isOpen, lastSeq, laneFence }, { $set: change }))
        return { ...row, ...change };
      const now = await this.byId(_id);
      if (!now) return null;
      row = now;
    }
    throw new Error(`Conversation ${row._id} changes too fast.`);
  }

  /** Takes the next place (`lastSeq`) for an agent's message, whatever the bot does meanwhile. */
  async reserveOne(known: ConversationRow): Promise<ConversationRow> {
    let row: ConversationRow | null = known;
    for (let race = 0; race < longestRace; race++) {
      if (!row) throw new NotFound(`No conversation ${known._id}.`);
      const { _id, version, lastSeq } = row;
      const next = { lastSeq: lastSeq + 1 };
      if (await this.updateOne({ _id, version, lastSeq }, { $set: next })) return { ...row, ...next };
      row = await this.byId(_id);
    }
    throw new Error(`Conversation ${known._id} changes too fast.`);
  }

  /** Writes the outcome of a contact's turn. The same turn again changes nothing. */
  async recordTurn(known: ConversationRow, turn: TurnRecord): Promise<void> {
    let row: ConversationRow | null = known;
    for (let race = 0; race < longestRace; race++) {
      if (!row || row.lastInboundOrder === turn.order || row.laneFence > turn.fence) return;
      const change = { ...changesOf(row, turn), version: row.version + 1 };
      const events = turnEvents({ ...row, ...change }, turn);
      const { _id, version, lastInboundOrder } = row;
      const isWritten = await this.rows.update(
        { _id, version, lastInboundOrder },
        withEvents(change, events, turn.at) as UpdateFilter<ConversationRow>,
      );
      if (isWritten) return this.changed();
      row = await this.byId(_id);
    }
    throw new Error(`Conversation ${known._id} changes too fast.`);
  }

  /** Tells of a message that was added or changed, and of nothing else. */
  async tellMessage(
    id: string,
    type: 'message:created' | 'message:updated',
    message: MessageView,
    event: { id: string; at: Date },
  ) {
    const audience = await this.heard.do(id);
    if (!audience) return;
    const told = pendingEvent(type, { conversationId: id, message }, audience, event);
    await this.rows.update({ _id: id }, withEvents({}, [told], event.at) as UpdateFilter<ConversationRow>);
    this.changed();
  }

  /** The same with what is left of the reply window: who writes next must know before. It moves nothing in the lists. */
  async tellMessageSent(
    id: string,
    message: MessageView,
    window: ReplyWindow,
    event: { id: string; at: Date },
  ) {
    for (let race = 0; race < longestRace; race++) {
      const row = await this.rows.byId(id);
      if (!row) return;
      // Written, though the answer did not tell.
      if (row.pendingEvents.some((one) => one.id === event.id)) return this.changed();
      const change = { replyWindow: laterWindow(row.replyWindow, window), updatedAt: row.updatedAt };
      const { filter, update } = written(row, change, event.at, () => [
        pendingEvent('message:updated', { conversationId: id, message }, audienceOf(row), event),
      ]);
      if (await this.rows.update(filter, update as UpdateFilter<ConversationRow>)) return this.changed();
    }
    throw new Error(`Conversation ${id} changes too fast.`);
  }

  /** Of each conversation no more than that: most of a row is what it tells and what it is found by. */
  private async audiencesOf(ids: string[]): Promise<Outcome<Audience | null>[]> {
    const rows = await this.model.collection
      .find({ _id: { $in: [...new Set(ids)] as never } })
      .project<Pick<ConversationRow, '_id' | 'teamId' | 'assigneeId'>>({ teamId: 1, assigneeId: 1 })
      .toArray();
    const found = new Map(rows.map((row) => [row._id, audienceOf(row)]));
    return ids.map((id) => ({ result: found.get(id) ?? null }));
  }

  /**
   * Changes a conversation by compare-and-set on its version and tells of it.
   * `decide` sees the current row and answers the change, or throws; it is asked again when someone was quicker.
   */
  async change(
    known: Known,
    at: Date,
    decide: (row: ConversationRow) => Change | null,
    tell: (row: ConversationRow) => PendingEvent[] = () => [],
  ): Promise<ConversationRow> {
    const id = typeof known === 'string' ? known : known._id;
    let row = typeof known === 'string' ? await this.byId(id) : known;
    for (let race = 0; race < longestRace; race++) {
      if (!row) throw new NotFound(`No conversation ${id}.`);
      const change = decide(row);
      if (!change) return row;
      const next = await this.write(row, change, at, tell);
      if (next) return next;
      row = await this.byId(id);
    }
    throw new Error(`Conversation ${id} changes too fast.`);
  }

  /** A contact has another name now. What is over keeps the old one. */
  async renameContact(contactId: string, name: string, at: Date): Promise<void> {
    const open = await this.model.find({ contactId, isOpen: true }).select('_id').lean();
    for (const { _id } of open)
      await this.change(_id, at, (row) => ({
        contactName: name,
        searchKeys: [...new Set([...searchKeys(name), ...row.searchKeys])].slice(0, mostSearchKeys),
      }));
  }

  /** Makes a ticket the one of this conversation, which is found by its number, unless it has one. */
  async link(
    id: string,
    { _id, number }: { _id: string; number: number },
    at: Date,
  ): Promise<ConversationRow> {
    return this.change(id, at, (row) => {
      if (row.ticketId) return null;
      const keys = new Set([String(number), ...row.searchKeys]);
      return { ticketId: _id, ticketNumber: number, searchKeys: [...keys].slice(0, mostSearchKeys) };
    });
  }

  /** Shows the nearest deadline of its ticket. It moves nothing in the lists. */
  async show(
    id: string,
    ticketId: string,
    { clock, dueAt }: Pick<ConversationRow, 'clock' | 'dueAt'>,
    at: Date,
  ): Promise<void> {
    for (let race = 0; race < longestRace; race++) {
      const row = await this.rows.byId(id);
      if (!row || (row.ticketId ?? ticketId) !== ticketId) return;
      if (JSON.stringify([row.clock, row.dueAt]) === JSON.stringify([clock, dueAt])) return;
      const { filter, update } = written(row, { clock, dueAt, updatedAt: row.updatedAt }, at);
      if (await this.rows.update(filter, update as UpdateFilter<ConversationRow>)) return this.changed();
    }
  }

  private async write(
    row: ConversationRow,
    change: Change,
    at: Date,
    tell: (row: ConversationRow) => PendingEvent[],
  ) {
    const { filter, update, next } = written(row, change, at, tell);
    if (!(await this.updateOne(filter, update as UpdateFilter<ConversationRow>))) return null;
    this.changed();
    return next;
  }

  /** By the driver, as each message of a contact: whole values of the right types need no casting. */
  private async updateOne(
    filter: Partial<ConversationRow>,
    update: UpdateFilter<ConversationRow>,
  ): Promise<boolean> {
    const { modifiedCount } = await this.model.collection.updateOne(filter as never, update as never);
    return modifiedCount > 0;
  }
}

/** A change by compare-and-set, with its events, and how the conversation then stands. */
function written(
  row: ConversationRow,
  change: Change,
  at: Date,
  tell: (row: ConversationRow) => PendingEvent[] = () => [],
) {
  const closing = change.status === undefined ? {} : { isOpen: isOpenStatus(change.status) };
  const full = { updatedAt: at, ...change, ...closing };
  const next = { ...row, ...full, version: row.version + 1 };
  const events = [...changed(row, next, at), ...tell(next)];
  const { _id, version } = row;
  return {
    filter: { _id, version },
    update: { ...withEvents(full, events, at), $inc: { version: 1 } },
    next,
  };
}

/** A conversation as it begins. */
function draftOf({ id, at, contactName, isFirst: _isFirst, ...fields }: NewConversation): ConversationRow {
  return {
    ...beginning,
    ...fields,
    _id: id,
    contactName,
    searchKeys: searchKeys(contactName),
    createdAt: at,
    updatedAt: at,
  };
}
