import type { Content } from '../domain/content';
import { textOf } from '../domain/content';
import { laterDelivery, type Author, type Delivery, type Origin } from '../domain/message';
import { Batched } from '../platform/mongo/batch/batched';
import type { MessageModel, MessageRow } from './model';

export interface NewMessage {
  id: string;
  conversationId: string;
  threadId: string;
  accountId: string;
  identityId: string;
  contactId: string;
  seq: number;
  author: Author;
  content: Content;
  at: Date;
  agent?: { id: string; name: string };
  sentAt?: Date | null;
  externalId?: string | null;
  clientMessageId?: string;
  articleIds?: string[];
  origin?: Origin;
  language?: string | null;
}

/** Messages are written once, under an id derived from their cause; only ticks and edits change them. */
export class MessageStore {
  private readonly rows: Batched<MessageRow>;

  constructor(private readonly model: MessageModel) {
    this.rows = new Batched(model);
  }

  /** Inserts those that are not there yet. Answers all as they stand in the store, in the order given. */
  insert(messages: NewMessage[]): Promise<MessageRow[]> {
    return Promise.all(messages.map((message) => this.insertOne(toRow(message))));
  }

  private async insertOne(row: MessageRow): Promise<MessageRow> {
    if (await this.rows.insert(row)) return row;
    const stored = await this.rows.byId(row._id);
    if (!stored) throw new Error(`The place of message ${row._id} is taken.`);
    return stored;
  }

  byId(id: string): Promise<MessageRow | null> {
    return this.rows.byId(id);
  }

  byExternalId(accountId: string, externalId: string): Promise<MessageRow | null> {
    return this.model.findOne({ accountId, externalId }).lean();
  }

  /** A page, oldest first: after `afterSeq`, or the last ones before `beforeSeq`. */
  async page(
    conversationId: string,
    range: { afterSeq?: number; beforeSeq?: number; limit: number },
  ): Promise<MessageRow[]> {
    const { afterSeq = 0, beforeSeq, limit } = range;
    if (beforeSeq === undefined)
      return this.model
        .find({ conversationId, seq: { $gt: afterSeq } })
        .sort({ seq: 1 })
        .limit(limit)
        .lean();
    const newestFirst = await this.model
      .find({ conversationId, seq: { $lt: beforeSeq } })
      .sort({ seq: -1 })
      .limit(limit)
      .lean();
    return newestFirst.reverse();
  }

  /** The last messages that the contact may see in this thread, oldest first. */
  async history(threadId: string, limit: number): Promise<MessageRow[]> {
    const newestFirst = await this.model
      .find({ threadId, author: { $in: ['contact', 'bot', 'agent'] } })
      .sort({ at: -1, seq: -1 })
      .limit(limit)
      .lean();
    return newestFirst.reverse();
  }

  /** The first reply of an agent after `seq`, of someone else than `agentId`. */
  replyByAnotherAgent(conversationId: string, seq: number, agentId: string): Promise<MessageRow | null> {
    return this.model
      .findOne({ conversationId, seq: { $gt: seq }, author: 'agent', 'agent.id': { $ne: agentId } })
      .sort({ seq: 1 })
      .lean();
  }

  /** Moves the tick on, never back. Null when nothing changed. */
  async recordDelivery(
    id: string,
    next: Delivery,
    extra: { externalId?: string | null; error?: MessageRow['deliveryError'] } = {},
  ): Promise<MessageRow | null> {
    const current = await this.rows.byId(id);
    if (!current?.delivery || laterDelivery(current.delivery, next) !== next || current.delivery === next)
      return null;
    const { externalId = null, error = null } = extra;
    const change = { delivery: next, deliveryError: error, ...(externalId && { externalId }) };
    if (await this.rows.update({ _id: id, delivery: current.delivery }, { $set: change }))
      return { ...current, ...change };
    // Someone was quicker, or nobody can tell: whatever stands there is the truth.
    const now = await this.rows.byId(id);
    return now?.delivery === next ? now : null;
  }

  /** A failed or unknown message goes back to pending, once per decision to send it again. */
  reopenDelivery(id: string): Promise<MessageRow | null> {
    return this.model
      .findOneAndUpdate(
        { _id: id, delivery: { $in: ['failed', 'unknown'] } },
        { delivery: 'pending', deliveryError: null },
        { returnDocument: 'after' },
      )
      .lean();
  }

  edit(id: string, content: Content, at: Date): Promise<MessageRow | null> {
    return this.model
      .findOneAndUpdate(
        { _id: id },
        { content, text: textOf(content), editedAt: at },
        { returnDocument: 'after' },
      )
      .lean();
  }
}

function toRow(message: NewMessage): MessageRow {
  const { id, ...rest } = message;
  const isSent = message.author === 'bot' || message.author === 'agent';
  return {
    sentAt: null,
    externalId: null,
    language: null,
    articleIds: [],
    ...rest,
    _id: id,
    agent: message.agent ?? null,
    clientMessageId: message.clientMessageId ?? null,
    origin: message.origin ?? null,
    text: textOf(message.content),
    editedAt: null,
    delivery: isSent ? 'pending' : null,
    deliveryError: null,
    purpose: 'service',
    visibility: 'private',
    postId: null,
    parentId: null,
    workspace: 'live',
  };
}
