import type { MessageView } from '../../contract/messages';
import { refuseOwnersAct } from '../../domain/acts';
import { atLeast } from '../../domain/role';
import type { MessageStore, NewMessage } from '../../messages/message-store';
import type { MessageRow } from '../../messages/model';
import type { Outbox } from '../../messages/outbox';
import { toMessageView } from '../../messages/view';
import type { Clock } from '../../platform/clock';
import { Conflict, NotFound } from '../../platform/errors';
import { pendingEvent } from '../../platform/events/pending';
import type { Session } from '../../platform/http/api';
import { derivedId, newId } from '../../platform/ids';
import type { SlaClocks } from '../sla/clocks';
import { refuse } from './acts';
import type { Conversations } from './conversations';
import type { ConversationRow } from './model';
import { audienceOf } from './view';

interface Parts {
  conversations: Conversations;
  messages: MessageStore;
  outbox: Outbox;
  clocks: SlaClocks;
  clock: Clock;
}

export interface Reply {
  text: string;
  clientMessageId: string;
  lastSeenSeq?: number;
}

export interface Said {
  message: MessageView;
  created: boolean;
}

/** What agents write: replies to the contact, and notes that never leave the house. */
export class Replies {
  constructor(private readonly parts: Parts) {}

  /** The same `clientMessageId` again completes or answers what stands; it never sends a second message. */
  async reply(
    row: ConversationRow,
    session: Session,
    { text, clientMessageId, lastSeenSeq }: Reply,
  ): Promise<Said> {
    const id = derivedId('ms', row._id, session.viewer.agentId, clientMessageId);
    const known = await this.parts.messages.byId(id);
    if (known && known.text !== text)
      throw new Conflict('idempotency_conflict', 'This clientMessageId was used for another text.');
    if (!known) await this.requireRoom(row, session, lastSeenSeq);
    const { message, created } = known
      ? { message: known, created: false }
      : await this.write(row, session, { id, author: 'agent', text, clientMessageId });
    if (message.text !== text)
      throw new Conflict('idempotency_conflict', 'This clientMessageId was used for another text.');
    await this.send(message, message._id);
    await this.tell(row._id, message);
    if (row.ticketId) await this.parts.clocks.agentReplied(row.ticketId, message.at);
    return { message: toMessageView(message), created };
  }

  async note(
    row: ConversationRow,
    session: Session,
    text: string,
    clientMessageId = newId('n'),
  ): Promise<Said> {
    const id = derivedId('ms', row._id, session.viewer.agentId, 'note', clientMessageId);
    const known = await this.parts.messages.byId(id);
    if (known && known.text !== text)
      throw new Conflict('idempotency_conflict', 'This clientMessageId was used for another text.');
    const { message, created } = known
      ? { message: known, created: false }
      : await this.write(row, session, { id, author: 'note', text, clientMessageId });
    await this.tell(row._id, message);
    return { message: toMessageView(message), created };
  }

  /** Sends a failed or unknown message again: a person has decided it. */
  async retry(row: ConversationRow, session: Session, messageId: string): Promise<MessageView> {
    const message = await this.parts.messages.byId(messageId);
    if (!message || message.conversationId !== row._id) throw new NotFound(`No message ${messageId}.`);
    if (row.assigneeId !== session.viewer.agentId && !atLeast(session.viewer.role, 'supervisor'))
      refuse(refuseOwnersAct(row, session.viewer), row);
    const reopened = await this.parts.messages.reopenDelivery(messageId);
    if (!reopened) throw new Conflict('not_failed', 'Only a failed or unknown message can be sent again.');
    const at = this.parts.clock.now();
    await this.send(reopened, `${messageId}:again:${at.getTime()}`);
    await this.parts.conversations.tellMessage(row._id, 'message:updated', toMessageView(reopened), {
      id: newId('ev'),
      at,
    });
    return toMessageView(reopened);
  }

  private async requireRoom(row: ConversationRow, session: Session, lastSeenSeq?: number): Promise<void> {
    refuse(refuseOwnersAct(row, session.viewer), row);
    if (lastSeenSeq === undefined) return;
    const other = await this.parts.messages.replyByAnotherAgent(row._id, lastSeenSeq, session.viewer.agentId);
    if (other)
      throw new Conflict('collision', `${other.agent?.name} has answered meanwhile.`, {
        message: toMessageView(other),
      });
  }

  private async write(
    row: ConversationRow,
    session: Session,
    fresh: Pick<NewMessage, 'id' | 'author' | 'clientMessageId'> & { text: string },
  ): Promise<{ message: MessageRow; created: boolean }> {
    const { text, ...rest } = fresh;
    const seq = await this.parts.conversations.reserveOne(row._id);
    const message: NewMessage = {
      ...rest,
      conversationId: row._id,
      threadId: row.threadId,
      accountId: row.accountId,
      identityId: row.identityId,
      contactId: row.contactId,
      seq,
      content: { type: 'text', text },
      at: this.parts.clock.now(),
      agent: { id: session.viewer.agentId, name: session.name },
      origin: { kind: 'reply', campaignId: null },
    };
    const [written] = await this.parts.messages.insert([message]);
    if (!written) throw new Error(`Message ${fresh.id} was not written.`);
    // Of two posts at once one was written: the one that has our place.
    return { message: written, created: written.seq === seq };
  }

  private send(
    { _id, conversationId, threadId, accountId, content }: MessageRow,
    key: string,
  ): Promise<void> {
    return this.parts.outbox.enqueue([{ key, messageId: _id, conversationId, threadId, accountId, content }]);
  }

  private async tell(conversationId: string, message: MessageRow): Promise<void> {
    const { _id, text, at, author } = message;
    const told = (row: ConversationRow) => [
      pendingEvent('message:created', { conversationId, message: toMessageView(message) }, audienceOf(row), {
        id: `${_id}:created`,
        at,
      }),
    ];
    const decide = (row: ConversationRow) => {
      const isLater = !row.lastMessage || row.lastMessage.at < at || row.lastMessage.text !== text;
      if (author === 'note') return { lastSeq: Math.max(row.lastSeq, message.seq) };
      return isLater
        ? {
            lastMessage: { text: text.slice(0, 200), at, author },
            ...(row.status === 'queued' ? {} : { status: 'open' as const }),
          }
        : {};
    };
    await this.parts.conversations.change(conversationId, at, decide, told);
  }
}
