import type { Plan, PlannedReply } from '../domain/plan';
import type { ReplyWindow } from '../domain/reply-window';
import type { ChannelLimits } from '../channels/host/limits';
import type { ContactRef } from '../crm/contacts';
import type { Cases } from '../desk/tickets/cases';
import type { Conversations } from '../desk/conversations/conversations';
import type { ConversationRow } from '../desk/conversations/model';
import type { Outbox } from '../messages/outbox';
import type { InboxRow } from '../messages/inbox';
import type { MessageStore, NewMessage } from '../messages/message-store';
import type { MessageRow } from '../messages/model';
import type { Threads } from '../messages/threads';
import { derivedId } from '../platform/ids';
import { LaneLost } from '../platform/work/leases';

export interface EffectParts {
  conversations: Conversations;
  cases: Cases;
  messages: MessageStore;
  outbox: Outbox;
  threads: Threads;
  limitsOf(accountId: string): ChannelLimits;
  /** Someone owes the contact an answer. */
  contactWrote(ticketId: string, at: Date): Promise<void>;
  /** What the contact is told after a handover. */
  handoverNotice(conversation: ConversationRow, language: string | null, at: Date): Promise<string>;
}

export interface Turn {
  row: InboxRow;
  plan: Plan;
  open: ConversationRow | null;
  contact: ContactRef;
  fence: number;
}

/**
 * Carries a recorded plan out: first the messages, then what must be sent of them and, beside it, the conversation. Every
 * id derives from the inbound row, so doing it again after a crash adds nothing.
 */
export class Effects {
  constructor(private readonly parts: EffectParts) {}

  /** False when the conversation closed meanwhile and nothing was done: then it must be decided anew. */
  async execute(turn: Turn): Promise<boolean> {
    if (!needsConversation(turn)) return true;
    const { row, fence } = turn;
    const [window, place] = await Promise.all([this.touchThread(row), this.placeOf(turn)]);
    if (!place) return false;
    const { conversation, isBegun } = place;
    const replies = await this.repliesOf(turn, conversation);
    const count = replies.length + (row.what.kind === 'message' ? 1 : 0);
    const reserved = await this.parts.conversations.reserve(conversation, {
      order: row.order,
      count,
      fence,
      isBegun,
    });
    if (!reserved) return this.refused(turn, conversation);
    const firstSeq = reserved.reserved?.firstSeq ?? reserved.lastSeq;
    const messages = await this.parts.messages.insert(newMessages(turn, reserved, replies, firstSeq));
    await Promise.all([this.send(messages), this.recordTurn(turn, reserved, messages, window)]);
    const isOwed = turn.plan.decision.kind === 'leaveToAgent' && row.what.kind === 'message';
    if (isOwed && reserved.ticketId) await this.parts.contactWrote(reserved.ticketId, row.receivedAt);
    return true;
  }

  /** Superseded: the lane has a newer owner, who carries the recorded plan out; ours must leave it. */
  private async refused({ row, fence }: Turn, { _id }: ConversationRow): Promise<false> {
    const current = await this.parts.conversations.byId(_id);
    if (current && current.laneFence > fence) throw new LaneLost(row.threadId);
    return false;
  }

  private touchThread(row: InboxRow): Promise<ReplyWindow | null> {
    const { window } = this.parts.limitsOf(row.accountId);
    // A press on a message's menu line is a click to the platform, though it arrives as a message.
    const isWritten = row.what.kind === 'message' && row.what.content.type !== 'choice';
    const rule = window && (isWritten ? window.onMessage : window.onClick);
    const { threadId, accountId, channel, identityId, threadTags } = row;
    return this.parts.threads.touch(
      { _id: threadId, accountId, channel, identityId, tags: threadTags },
      { rule, order: row.order, at: row.receivedAt },
    );
  }

  /** What a server began before it stopped goes on where it stands, also when that was closed meanwhile. */
  private async placeOf(turn: Turn): Promise<{ conversation: ConversationRow; isBegun: boolean } | null> {
    const begun = await this.begun(turn.row);
    // What was left to an agent was left to the one of a conversation that is over.
    if (!begun && !turn.open && turn.plan.decision.kind === 'leaveToAgent') return null;
    const conversation = begun ?? turn.open ?? (await this.open(turn));
    return { conversation, isBegun: begun !== null || conversation._id === beginsId(turn.row) };
  }

  private async begun(row: InboxRow): Promise<ConversationRow | null> {
    if (!row.plan) return null;
    const { messages, conversations } = this.parts;
    const said = await messages.byId(firstMessageId(row));
    if (said) return conversations.byId(said.conversationId);
    return conversations.begunBy({ id: beginsId(row), threadId: row.threadId, order: row.order });
  }

  private open({ row, plan, contact }: Turn): Promise<ConversationRow> {
    const { accountId, channel, threadId, identityId, receivedAt } = row;
    return this.parts.conversations.openConversation({
      id: beginsId(row),
      accountId,
      channel,
      threadId,
      identityId,
      contactId: contact.id,
      contactName: contact.name,
      language: plan.language,
      at: receivedAt,
      isFirst: contact.isNew,
    });
  }

  /** The notice is for one who waits; what stands already is sent. */
  private async repliesOf({ row, plan }: Turn, known: ConversationRow): Promise<PlannedReply[]> {
    if (!plan.handover) return plan.replies;
    const { conversations, messages } = this.parts;
    const conversation = (await conversations.byId(known._id)) ?? known;
    const waits = conversation.isOpen && conversation.assigneeId === null;
    if (!waits && !(await messages.byId(replyId(row, plan.replies.length)))) return plan.replies;
    const text = await this.parts.handoverNotice(conversation, plan.language, row.receivedAt);
    return [...plan.replies, { content: { type: 'text', text }, origin: 'reply', articleIds: [] }];
  }

  private async send(messages: MessageRow[]): Promise<void> {
    const outgoing = messages.filter((message) => message.author === 'bot');
    await this.parts.outbox.enqueue(
      outgoing.map(({ _id, conversationId, threadId, accountId, content }) => ({
        key: _id,
        messageId: _id,
        conversationId,
        threadId,
        accountId,
        content,
      })),
    );
  }

  private async recordTurn(
    turn: Turn,
    conversation: ConversationRow,
    messages: MessageRow[],
    window: ReplyWindow | null,
  ) {
    const { row, plan, fence } = turn;
    const opened = await this.openCase(turn, conversation);
    await this.parts.conversations.recordTurn(conversation, {
      fence,
      order: row.order,
      at: row.receivedAt,
      memory: plan.memory,
      flowRun: plan.flowRun,
      language: plan.language ?? conversation.language,
      replyWindow: window ?? conversation.replyWindow,
      handover: plan.handover,
      ticket: opened ? { id: opened.ticketId, number: opened.number } : null,
      contactWrote: row.what.kind === 'message',
      messages,
    });
    if (plan.handover) await this.parts.cases.settle(conversation, row.receivedAt);
  }

  private async openCase({ row, plan: { handover } }: Turn, { _id }: ConversationRow) {
    if (!handover) return null;
    const conversation = await this.parts.conversations.byId(_id);
    if (!conversation?.isOpen) return null;
    return this.parts.cases.openCase({ conversation, handover, at: row.receivedAt });
  }
}

/** The conversation that a message begins when none is open. */
const beginsId = (row: InboxRow): string => derivedId('cv', row._id);

const contactMessageId = (row: InboxRow): string => derivedId('ms', row._id);

const replyId = (row: InboxRow, index: number): string => derivedId('ms', row._id, String(index));

const firstMessageId = (row: InboxRow): string =>
  row.what.kind === 'message' ? contactMessageId(row) : replyId(row, 0);

/** An event that nobody answers leaves no conversation behind. */
const needsConversation = ({ row, plan }: Turn): boolean =>
  row.what.kind === 'message' || plan.replies.length > 0 || plan.handover !== null;

function newMessages(
  turn: Turn,
  conversation: ConversationRow,
  replies: PlannedReply[],
  firstSeq: number,
): NewMessage[] {
  const { row, plan } = turn;
  const base = {
    conversationId: conversation._id,
    threadId: row.threadId,
    accountId: row.accountId,
    identityId: row.identityId,
    contactId: conversation.contactId,
    language: plan.language,
  };
  const written = row.what.kind === 'message' ? [contactMessage(turn, base, firstSeq)] : [];
  const answers = replies.map((reply, index) => ({
    ...base,
    id: replyId(row, index),
    seq: firstSeq + written.length + index,
    author: 'bot' as const,
    content: reply.content,
    at: row.receivedAt,
    articleIds: reply.articleIds,
    origin: { kind: reply.origin, campaignId: null },
  }));
  return [...written, ...answers];
}

type Base = Pick<
  NewMessage,
  'conversationId' | 'threadId' | 'accountId' | 'identityId' | 'contactId' | 'language'
>;

function contactMessage({ row }: Turn, base: Base, seq: number): NewMessage {
  const content = row.what.kind === 'message' ? row.what.content : { type: 'text' as const, text: '' };
  return {
    ...base,
    id: contactMessageId(row),
    seq,
    author: 'contact',
    content,
    at: row.receivedAt,
    sentAt: row.sentAt,
    externalId: row._id.slice(row.accountId.length + 1),
  };
}
