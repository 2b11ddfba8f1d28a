import type { MessageView } from '../../contract/messages';
import { refuseOwnersAct } from '../../domain/acts';
import type { ConversationStatus } from '../../domain/conversation';
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
import { inOrder } from '../../platform/work/in-order';
import type { SlaClocks } from '../sla/clocks';
import type { Cases } from '../tickets/cases';
import { refuse } from './acts';
import type { Change } from './change';
import type { Conversations } from './conversations';
import { shownMessage } from './turn';
import type { ConversationRow } from './model';
import type { ReplyGate } from './reply-gate';
import { audienceOf } from './view';

interface Parts {
  conversations: Conversations;
  messages: MessageStore;
  outbox: Outbox;
  gate: ReplyGate;
  cases: Cases;
  clocks: SlaClocks;
  clock: Clock;
}

export interface Writing {
  text: string;
  clientMessageId?: string;
  lastSeenSeq?: number;
}

/** What someone writes, with its id, and the message that stands under it already. */
interface Begun extends Fresh {
  lastSeenSeq?: number;
  known: MessageRow | null;
}

export interface Said {
  message: MessageView;
  created: boolean;
}

interface Written {
  message: MessageRow;
  created: boolean;
  /** The conversation as it was when this took its place in it. */
  row?: ConversationRow;
}

type Fresh = Pick<NewMessage, 'id' | 'author' | 'clientMessageId'> & { text: string };

/** What agents write: replies to the contact, and notes that never leave the house. */
export class Replies {
  constructor(private readonly parts: Parts) {}

  /** Reads what stands under this `clientMessageId`; the conversation can be read meanwhile. */
  async begin(
    author: 'agent' | 'note',
    conversationId: string,
    { viewer }: Session,
    { clientMessageId: given, ...written }: Writing,
  ): Promise<Begun> {
    const clientMessageId = given ?? newId('n');
    const kind = author === 'note' ? ['note'] : [];
    const id = derivedId('ms', conversationId, viewer.agentId, ...kind, clientMessageId);
    const known = given === undefined ? null : await this.parts.messages.byId(id);
    return { ...written, id, author, clientMessageId, known };
  }

  /** The same `clientMessageId` again completes or answers what stands; it never sends a second message. */
  async reply(row: ConversationRow, session: Session, begun: Begun): Promise<Said> {
    if (!begun.known) await this.requireRoom(row, session, begun);
    const said = await this.sayOnce(row, session, begun);
    // It stands: what follows from it can be done together, and again.
    await Promise.all([
      this.send(said.message, begun.id),
      this.tell(row, said),
      this.countAsAnswer(row, session, said),
    ]);
    return { message: toMessageView(said.message), created: said.created };
  }

  async note(row: ConversationRow, session: Session, begun: Begun): Promise<Said> {
    const said = await this.sayOnce(row, session, begun);
    await this.tell(row, said);
    return { message: toMessageView(said.message), created: said.created };
  }

  /** Sends a failed or unknown message again: a person has decided it. */
  async retry(row: ConversationRow, session: Session, messageId: string): Promise<MessageView> {
    const message = await this.parts.messages.byId(messageId);
    if (!message || message.conversationId !== row._id) throw new NotFound(`No message ${messageId}.`);
    if (row.assigneeId !== session.viewer.agentId && !atLeast(session.viewer.role, 'supervisor'))
      refuse(refuseOwnersAct(row, session.viewer), row);
    if (isUndelivered(message)) await this.parts.gate.require(row, message.content);
    await this.untilSettled(messageId);
    // The row first: a server that stops between the two leaves a message that is sent and then says so.
    if (!(await this.parts.outbox.reopen(messageId)))
      throw new Conflict('not_failed', 'Only a failed or unknown message can be sent again.');
    const reopened = (await this.parts.messages.reopenDelivery(messageId)) ?? message;
    const at = this.parts.clock.now();
    await this.parts.conversations.tellMessage(row._id, 'message:updated', toMessageView(reopened), {
      id: newId('ev'),
      at,
    });
    return toMessageView(reopened);
  }

  /** What a platform answered is told of before its row is settled: whoever is that quick waits, up to two seconds. */
  private async untilSettled(messageId: string): Promise<void> {
    for (let asked = 0; asked < 40 && (await this.isBeingSettled(messageId)); asked++)
      await new Promise<void>((resume) => this.parts.clock.after(50, resume));
  }

  private async isBeingSettled(messageId: string): Promise<boolean> {
    const [row, message] = await Promise.all([
      this.parts.outbox.byKey(messageId),
      this.parts.messages.byId(messageId),
    ]);
    return row?.state === 'sending' && message !== null && isUndelivered(message);
  }

  private async requireRoom(
    row: ConversationRow,
    session: Session,
    { text, lastSeenSeq }: Begun,
  ): Promise<void> {
    refuse(refuseOwnersAct(row, session.viewer), row);
    await inOrder(
      lastSeenSeq === undefined ? Promise.resolve() : this.requireNoOther(row, session, lastSeenSeq),
      this.parts.gate.require(row, { type: 'text', text }),
    );
  }

  private async requireNoOther(row: ConversationRow, session: Session, lastSeenSeq: number): Promise<void> {
    const other = await this.parts.messages.replyByAnotherAgent(row._id, lastSeenSeq, session.viewer.agentId);
    if (other)
      throw new Conflict('collision', `${other.agent?.name} has answered meanwhile.`, {
        message: toMessageView(other),
      });
  }

  /** Writes it, unless it is there. */
  private async sayOnce(
    row: ConversationRow,
    session: Session,
    { known, ...begun }: Begun,
  ): Promise<Written> {
    const said = known ? { message: known, created: false } : await this.write(row, session, begun);
    if (said.message.text !== begun.text)
      throw new Conflict('idempotency_conflict', 'This clientMessageId was used for another text.');
    return said;
  }

  private async write(row: ConversationRow, session: Session, fresh: Fresh): Promise<Written> {
    const { id, author, text, clientMessageId } = fresh;
    const reserved = await this.parts.conversations.reserveOne(row);
    const seq = reserved.lastSeq;
    const message: NewMessage = {
      id,
      author,
      clientMessageId,
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
    return { message: written, created: written.seq === seq, row: reserved };
  }

  private send(
    { _id, conversationId, threadId, accountId, content }: MessageRow,
    key: string,
  ): Promise<void> {
    return this.parts.outbox.enqueue([{ key, messageId: _id, conversationId, threadId, accountId, content }]);
  }

  /** A repeat only makes sure that the message was told of: the event log drops what it knows. */
  private async tell(current: ConversationRow, said: Written) {
    const { message, row: reserved } = said;
    const { _id: conversationId } = current;
    const view = toMessageView(message);
    const event = { id: `${message._id}:created`, at: message.at };
    if (isRepeat(current, said))
      return this.parts.conversations.tellMessage(conversationId, 'message:created', view, event);
    const decide = (row: ConversationRow) => (message.author === 'note' ? {} : answered(row, message));
    const tell = (row: ConversationRow) => [
      pendingEvent('message:created', { conversationId, message: view }, audienceOf(row), event),
    ];
    await this.parts.conversations.change(reserved ?? current, message.at, decide, tell);
  }

  private async countAsAnswer(row: ConversationRow, session: Session, said: Written): Promise<void> {
    if (!row.ticketId) return;
    const { at } = said.message;
    await this.parts.clocks.agentReplied(row.ticketId, at);
    if (!isResting(row.status) || isRepeat(row, said)) return;
    const actor = { kind: 'agent' as const, id: session.viewer.agentId, name: session.name };
    await this.parts.cases.change(row.ticketId, { status: 'open' }, { actor, cause: 'answered', at });
    await this.parts.clocks.settle(row.ticketId, at);
  }
}

const isUndelivered = ({ delivery }: MessageRow): boolean => delivery === 'failed' || delivery === 'unknown';

const isResting = (status: ConversationStatus): boolean => status === 'pending' || status === 'snoozed';

/** It stands and is shown: all that it moves has moved. */
const isRepeat = ({ lastMessage }: ConversationRow, { message, created }: Written): boolean =>
  !created && (message.author === 'note' || (lastMessage !== null && lastMessage.at >= message.at));

/** An answer wakes what rests. It never opens what has been closed meanwhile. */
const answered = (row: ConversationRow, message: MessageRow): Change => ({
  ...(row.lastMessage && row.lastMessage.at > message.at ? {} : { lastMessage: shownMessage(message) }),
  ...(isResting(row.status) && { status: 'open', snoozedUntil: null }),
});
