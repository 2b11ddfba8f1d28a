import { Schema, type Connection, type Model } from 'mongoose';
import type { ConversationStatus } from '../../domain/conversation';
import type { BotMemory, FlowRun, Handover } from '../../domain/plan';
import type { ReplyWindow } from '../../domain/reply-window';
import type { ClockState, Metric } from '../../domain/sla';
import type { Priority } from '../../domain/ticket';
import type { Author } from '../../domain/message';
import { indexPendingEvents, pendingEventsFields, type EventCarrier } from '../../platform/events/pending';

export interface ShownClock {
  metric: Metric;
  state: ClockState;
  startedAt: Date;
  dueAt: Date;
  warnAt: Date;
}

export interface ConversationRow extends EventCarrier {
  _id: string;
  accountId: string;
  channel: string;
  threadId: string;
  identityId: string;
  contactId: string;
  contactName: string;
  isOpen: boolean;
  status: ConversationStatus;
  version: number;
  lastSeq: number;
  /** The fence of the lane that last worked on it: an older one is refused. */
  laneFence: number;
  /** The turn that last took places in the order, and the first of them: a replay takes none. */
  reserved: { order: string; firstSeq: number } | null;
  /** The inbox order of the last turn recorded: a replay is refused. */
  lastInboundOrder: string;
  assigneeId: string | null;
  assigneeName: string | null;
  teamId: string | null;
  teamName: string | null;
  ticketId: string | null;
  ticketNumber: number | null;
  previousId: string | null;
  lastMessage: { text: string; at: Date; author: Author } | null;
  handover: (Handover & { at: Date }) | null;
  memory: BotMemory | null;
  flowRun: FlowRun | null;
  language: string | null;
  priority: Priority;
  skills: string[];
  dueAt: Date | null;
  clock: ShownClock | null;
  queuedAt: Date | null;
  /** In push mode: to whom it is offered now. */
  offer: { agentId: string; until: Date } | null;
  /** Who has let an offer pass since it waits. */
  missedBy: string[];
  replyWindow: ReplyWindow | null;
  snoozedUntil: Date | null;
  searchKeys: string[];
  campaignId: string | null;
  workspace: 'live' | 'training';
  category: string | null;
  answeredBy: 'bot' | 'agent' | null;
  closedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}
export type ConversationModel = Model<ConversationRow>;

export function defineConversations(connection: Connection): ConversationModel {
  return connection.model<ConversationRow>('Conversation', schema, 'conversations');
}

/** How much can be found of what a contact has written. */
export const mostSearchKeys = 300;

/** What every conversation has when it begins; kept equal to the schema's defaults by a test. */
export const beginning = {
  isOpen: true,
  status: 'bot' as const,
  version: 1,
  lastSeq: 0,
  laneFence: 0,
  reserved: null,
  lastInboundOrder: '',
  assigneeId: null,
  assigneeName: null,
  teamId: null,
  teamName: null,
  ticketId: null,
  ticketNumber: null,
  previousId: null,
  lastMessage: null,
  handover: null,
  memory: null,
  flowRun: null,
  priority: 'normal' as const,
  skills: [],
  dueAt: null,
  clock: null,
  queuedAt: null,
  offer: null,
  missedBy: [],
  replyWindow: null,
  snoozedUntil: null,
  searchKeys: [],
  campaignId: null,
  workspace: 'live' as const,
  category: null,
  answeredBy: null,
  closedAt: null,
  pendingEvents: [],
  relayAt: null,
};

const required = { type: String, required: true };
const optional = { type: String, default: null };
const moment = { type: Date, default: null };
const mixed = { type: Schema.Types.Mixed, default: null };

const schema = new Schema<ConversationRow>(
  {
    _id: required,
    accountId: required,
    channel: required,
    threadId: required,
    identityId: required,
    contactId: required,
    contactName: required,
    isOpen: { type: Boolean, required: true },
    status: required,
    version: { type: Number, default: 1 },
    lastSeq: { type: Number, default: 0 },
    laneFence: { type: Number, default: 0 },
    reserved: mixed,
    lastInboundOrder: { type: String, default: '' },
    assigneeId: optional,
    assigneeName: optional,
    teamId: optional,
    teamName: optional,
    ticketId: optional,
    ticketNumber: { type: Number, default: null },
    previousId: optional,
    lastMessage: mixed,
    handover: mixed,
    memory: mixed,
    flowRun: mixed,
    language: optional,
    priority: { type: String, default: 'normal' },
    skills: { type: [String], default: [] },
    dueAt: moment,
    clock: mixed,
    queuedAt: moment,
    offer: mixed,
    missedBy: { type: [String], default: [] },
    replyWindow: mixed,
    snoozedUntil: moment,
    searchKeys: { type: [String], default: [] },
    campaignId: optional,
    workspace: { type: String, default: 'live' },
    category: optional,
    answeredBy: optional,
    closedAt: moment,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    ...pendingEventsFields,
  },
  { versionKey: false, minimize: false },
);
// Two first messages in the same millisecond: one of them opens the conversation.
schema.index({ accountId: 1, identityId: 1 }, { unique: true, partialFilterExpression: { isOpen: true } });
schema.index({ workspace: 1, updatedAt: -1, _id: -1 });
schema.index({ status: 1, updatedAt: -1, _id: -1 });
schema.index({ status: 1, queuedAt: 1, _id: 1 });
schema.index({ assigneeId: 1, updatedAt: -1, _id: -1 });
// What is offered now: the router looks every second.
schema.index({ 'offer.until': 1 }, { partialFilterExpression: { 'offer.until': { $type: 'date' } } });
// How much each agent has in hand.
schema.index({ assigneeId: 1, status: 1 }, { partialFilterExpression: { isOpen: true } });
schema.index({ contactId: 1, updatedAt: -1, _id: -1 });
// Not by what each message changes: that would rewrite the key of every word.
schema.index({ searchKeys: 1, createdAt: -1, _id: -1 });
// What the views hold, counted from keys alone.
schema.index({ status: 1, teamId: 1 }, { partialFilterExpression: { workspace: 'live' } });
schema.index({ threadId: 1, isOpen: 1 });
schema.index({ snoozedUntil: 1 }, { partialFilterExpression: { status: 'snoozed' } });
indexPendingEvents(schema);
