import type { UpdateQuery } from 'mongoose';
import type { EventType } from '../../contract/events';
import type { MessageView } from '../../contract/messages';
import { atLeast, maySee, type Viewer } from '../../domain/role';
import { isOpenStatus, statusAfterContactWrote } from '../../domain/conversation';
import type { BotMemory, FlowRun, Handover } from '../../domain/plan';
import type { ReplyWindow } from '../../domain/reply-window';
import type { MessageRow } from '../../messages/model';
import { toMessageView } from '../../messages/view';
import { NotFound } from '../../platform/errors';
import { pendingEvent, type PendingEvent } from '../../platform/events/pending';
import { isDuplicateKey } from '../../platform/mongo/connection';
import { searchKeys } from '../../platform/text/search-keys';
import { visible } from './lists';
import type { ConversationModel, ConversationRow } from './model';
import { audienceOf, toConversationView } from './view';

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
}

export interface TurnRecord {
  fence: number;
  /** The inbox order of the turn: recorded once. */
  order: string;
  at: Date;
  memory: BotMemory;
  flowRun: FlowRun | null;
  language: string | null;
  replyWindow: ReplyWindow | null;
  handover: Handover | null;
  ticket: { id: string; number: number } | null;
  contactWrote: boolean;
  /** What was said in this turn, in order. */
  messages: MessageRow[];
}

/** A change of a conversation, as the acts of agents make it. */
export type Change = Partial<Omit<ConversationRow, '_id' | 'pendingEvents' | 'relayAt' | 'version'>>;

const longestRace = 8;
const mostSearchKeys = 300;

/** The desk's conversations. Every write is one compare-and-set that also leaves its events behind. */
export class Conversations {
  constructor(
    readonly model: ConversationModel,
    /** There may be events to relay. */
    private readonly changed: () => void,
  ) {}

  findOpen(accountId: string, identityId: string): Promise<ConversationRow | null> {
    return this.model.findOne({ accountId, identityId, isOpen: true }).lean();
  }

  openInThread(threadId: string): Promise<ConversationRow | null> {
    return this.model.findOne({ threadId, isOpen: true }).lean();
  }

  byId(id: string): Promise<ConversationRow | null> {
    return this.model.findById(id).lean();
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

  /** Opens one, or answers the one that was quicker: the unique index lets a single one be open. */
  async openConversation(fresh: NewConversation): Promise<ConversationRow> {
    const { id, at, ...fields } = fresh;
    const { accountId, identityId } = fresh;
    const previous = await this.model
      .findOne({ contactId: fresh.contactId, accountId })
      .sort({ updatedAt: -1, _id: -1 })
      .select('_id')
      .lean();
    try {
      await this.model.create([
        {
          ...fields,
          _id: id,
          isOpen: true,
          status: 'bot',
          previousId: previous && previous._id !== id ? previous._id : null,
          searchKeys: searchKeys(fresh.contactName),
          createdAt: at,
          updatedAt: at,
        },
      ]);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const open = await this.findOpen(accountId, identityId);
    if (!open) throw new Error(`Conversation ${id} was closed while it opened.`);
    return open;
  }

  /** Takes places in the order of a conversation. Null when it has closed, or a newer owner of its lane is at work. */
  async reserve(
    id: string,
    { count, fence }: { count: number; fence: number },
  ): Promise<{ firstSeq: number } | null> {
    const row = await this.model
      .findOneAndUpdate(
        { _id: id, isOpen: true, laneFence: { $lte: fence } },
        { $inc: { lastSeq: count }, $set: { laneFence: fence } },
        { returnDocument: 'after' },
      )
      .select('lastSeq')
      .lean();
    return row && { firstSeq: row.lastSeq - count + 1 };
  }

  /** Takes a place for an agent's message, whatever the bot does meanwhile. */
  async reserveOne(id: string): Promise<number> {
    const row = await this.model
      .findOneAndUpdate({ _id: id }, { $inc: { lastSeq: 1 } }, { returnDocument: 'after' })
      .select('lastSeq')
      .lean();
    if (!row) throw new NotFound(`No conversation ${id}.`);
    return row.lastSeq;
  }

  /** Writes the outcome of a contact's turn. The same turn again changes nothing. */
  async recordTurn(id: string, turn: TurnRecord): Promise<void> {
    for (let race = 0; race < longestRace; race++) {
      const row = await this.byId(id);
      if (!row || row.lastInboundOrder >= turn.order || row.laneFence > turn.fence) return;
      const next = { ...row, ...changesOf(row, turn) };
      const events = turnEvents(next, turn);
      const written = await this.model.updateOne(
        { _id: id, version: row.version, lastInboundOrder: row.lastInboundOrder },
        { ...withEvents(changesOf(row, turn), events, turn.at), $inc: { version: 1 } },
      );
      if (written.modifiedCount === 1) return this.changed();
    }
    throw new Error(`Conversation ${id} changes too fast.`);
  }

  /** Tells of a message that was added or changed, and of nothing else. */
  async tellMessage(
    id: string,
    type: 'message:created' | 'message:updated',
    message: MessageView,
    event: { id: string; at: Date },
  ) {
    const row = await this.byId(id);
    if (!row) return;
    const told = pendingEvent(type, { conversationId: id, message }, audienceOf(row), event);
    await this.model.updateOne({ _id: id }, withEvents({}, [told], event.at));
    this.changed();
  }

  /**
   * Changes a conversation by compare-and-set on its version and tells of it.
   * `decide` sees the current row and answers the change, or throws; it is asked again when someone was quicker.
   */
  async change(
    id: string,
    at: Date,
    decide: (row: ConversationRow) => Change | null,
    tell: (row: ConversationRow) => PendingEvent[] = () => [],
  ): Promise<ConversationRow> {
    for (let race = 0; race < longestRace; race++) {
      const row = await this.byId(id);
      if (!row) throw new NotFound(`No conversation ${id}.`);
      const change = decide(row);
      if (!change) return row;
      const next = await this.write(row, change, at, tell);
      if (next) return next;
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

  /** Makes a ticket the one of this conversation, unless it has one. */
  async link(id: string, ticket: { _id: string; number: number }, at: Date): Promise<ConversationRow> {
    return this.change(id, at, (row) =>
      row.ticketId ? null : { ticketId: ticket._id, ticketNumber: ticket.number },
    );
  }

  /** Shows the nearest deadline of its ticket. It moves nothing in the lists. */
  async show(
    id: string,
    ticketId: string,
    { clock, dueAt }: Pick<ConversationRow, 'clock' | 'dueAt'>,
    at: Date,
  ): Promise<void> {
    for (let race = 0; race < longestRace; race++) {
      const row = await this.byId(id);
      if (!row || (row.ticketId ?? ticketId) !== ticketId) return;
      if (JSON.stringify([row.clock, row.dueAt]) === JSON.stringify([clock, dueAt])) return;
      if (await this.write(row, { clock, dueAt, updatedAt: row.updatedAt }, at, () => [])) return;
    }
  }

  private async write(
    row: ConversationRow,
    change: Change,
    at: Date,
    tell: (row: ConversationRow) => PendingEvent[],
  ) {
    const closing = change.status === undefined ? {} : { isOpen: isOpenStatus(change.status) };
    const full = { updatedAt: at, ...change, ...closing };
    const shown = { ...row, ...full, version: row.version + 1 };
    const events = [updated(shown, `${row._id}:v${shown.version}`, at), ...tell(shown)];
    const written = await this.model.updateOne(
      { _id: row._id, version: row.version },
      { ...withEvents(full, events, at), $inc: { version: 1 } },
    );
    if (written.modifiedCount === 0) return null;
    this.changed();
    return shown;
  }
}

function changesOf(row: ConversationRow, turn: TurnRecord): Change {
  const last = turn.messages.at(-1);
  return {
    laneFence: turn.fence,
    lastInboundOrder: turn.order,
    updatedAt: turn.at,
    memory: turn.memory,
    flowRun: turn.flowRun,
    language: turn.language,
    replyWindow: turn.replyWindow,
    ...(last && { lastMessage: shownMessage(last) }),
    ...foundBy(row, turn),
    ...(turn.contactWrote && wokenBy(row)),
    ...(turn.handover && queuedBy(row, turn, turn.handover)),
  };
}

export const shownMessage = ({ text, at, author }: MessageRow): ConversationRow['lastMessage'] => ({
  text: text.slice(0, 200),
  at,
  author,
});

/** What the contact wrote makes it findable, up to a limit that keeps the index small. */
function foundBy(row: ConversationRow, turn: TurnRecord): Change {
  const said = turn.messages.filter((message) => message.author === 'contact').map((message) => message.text);
  const number = turn.ticket ? [String(turn.ticket.number)] : [];
  const keys = new Set([...number, ...row.searchKeys, ...searchKeys(said.join(' '))]);
  return keys.size === row.searchKeys.length ? {} : { searchKeys: [...keys].slice(0, mostSearchKeys) };
}

/** The contact's message brings a resting conversation back. */
function wokenBy(row: ConversationRow): Change {
  const status = statusAfterContactWrote(row.status, row.assigneeId !== null);
  return status === row.status ? {} : { status, snoozedUntil: null };
}

function queuedBy(row: ConversationRow, turn: TurnRecord, handover: Handover): Change {
  return {
    ...(row.status === 'bot' && { status: 'queued', queuedAt: turn.at }),
    handover: { ...handover, at: turn.at },
    skills: handover.skills,
    priority: handover.priority,
    ...(turn.ticket && { ticketId: turn.ticket.id, ticketNumber: turn.ticket.number }),
  };
}

function turnEvents(row: ConversationRow, turn: TurnRecord): PendingEvent[] {
  const audience = audienceOf(row);
  const told = turn.messages.map((message) =>
    pendingEvent('message:created', { conversationId: row._id, message: toMessageView(message) }, audience, {
      id: `${message._id}:created`,
      at: turn.at,
    }),
  );
  return [...told, updated({ ...row, version: row.version + 1 }, `${row._id}:${turn.order}`, turn.at)];
}

export function updated(
  row: ConversationRow,
  id: string,
  at: Date,
  type: EventType & `conversation:${string}` = 'conversation:updated',
) {
  return pendingEvent(type, { conversation: toConversationView(row) }, audienceOf(row), { id, at });
}

/** `$set` of the change and its events in one update. */
function withEvents(change: Change, events: PendingEvent[], at: Date): UpdateQuery<ConversationRow> {
  return {
    $set: { ...change, relayAt: at },
    $push: { pendingEvents: { $each: events } },
  } as unknown as UpdateQuery<ConversationRow>;
}
