import { statusAfterContactWrote } from '../../domain/conversation';
import type { BotMemory, FlowRun, Handover } from '../../domain/plan';
import { laterWindow, type ReplyWindow } from '../../domain/reply-window';
import type { MessageRow } from '../../messages/model';
import { toMessageView } from '../../messages/view';
import { pendingEvent, type PendingEvent } from '../../platform/events/pending';
import { searchKeys } from '../../platform/text/search-keys';
import { updated, type Change } from './change';
import { mostSearchKeys, type ConversationRow } from './model';
import { audienceOf } from './view';

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

/** What a turn changes in a conversation. */
export function changesOf(row: ConversationRow, turn: TurnRecord): Change {
  const last = turn.messages.at(-1);
  return {
    laneFence: turn.fence,
    lastInboundOrder: turn.order,
    updatedAt: turn.at,
    memory: turn.memory,
    flowRun: turn.flowRun,
    language: turn.language,
    replyWindow: laterWindow(row.replyWindow, turn.replyWindow),
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

/** What a turn has to tell. */
export function turnEvents(row: ConversationRow, turn: TurnRecord): PendingEvent[] {
  const audience = audienceOf(row);
  const told = turn.messages.map((message) =>
    pendingEvent('message:created', { conversationId: row._id, message: toMessageView(message) }, audience, {
      id: `${message._id}:created`,
      at: turn.at,
    }),
  );
  return [...told, updated(row, `${row._id}:${turn.order}`, turn.at)];
}
