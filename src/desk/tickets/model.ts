import { Schema, type Connection, type Model } from 'mongoose';
import type { Actor } from '../../domain/actor';
import type { Priority, TicketStatus } from '../../domain/ticket';
import { indexPendingEvents, pendingEventsFields, type EventCarrier } from '../../platform/events/pending';
import type { ShownClock } from '../conversations/model';

export interface TicketRow extends EventCarrier {
  _id: string;
  number: number;
  subject: string;
  status: TicketStatus;
  priority: Priority;
  category: string | null;
  tags: string[];
  fields: Record<string, string>;
  contactId: string;
  contactName: string;
  identityId: string | null;
  conversationId: string | null;
  accountId: string | null;
  channel: string;
  assigneeId: string | null;
  assigneeName: string | null;
  teamId: string | null;
  teamName: string | null;
  origin: { kind: string; id: string | null };
  incidentId: string | null;
  clocks: ShownClock[];
  dueAt: Date | null;
  searchKeys: string[];
  workspace: 'live' | 'training';
  version: number;
  solvedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** One thing that happened to a ticket. Only ever appended. */
export interface TicketEventRow {
  _id: string;
  ticketId: string;
  type: string;
  actor: Actor;
  teamId: string | null;
  accountId: string | null;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  cause: string | null;
  at: Date;
  recordedAt: Date;
  order: string;
}

interface CounterRow {
  _id: string;
  value: number;
}

export interface TicketModels {
  tickets: Model<TicketRow>;
  events: Model<TicketEventRow>;
  counters: Model<CounterRow>;
}

export function defineTickets(connection: Connection): TicketModels {
  return {
    tickets: connection.model<TicketRow>('Ticket', ticketSchema, 'tickets'),
    events: connection.model<TicketEventRow>('TicketEvent', eventSchema, 'ticket_events'),
    counters: connection.model<CounterRow>('Counter', counterSchema, 'counters'),
  };
}

const required = { type: String, required: true };
const optional = { type: String, default: null };
const moment = { type: Date, default: null };
const time = { type: Date, required: true };
const mixed = { type: Schema.Types.Mixed, default: {} };
const options = { versionKey: false as const, minimize: false };

const ticketSchema = new Schema<TicketRow>(
  {
    _id: required,
    number: { type: Number, required: true },
    subject: required,
    status: required,
    priority: { type: String, default: 'normal' },
    category: optional,
    tags: { type: [String], default: [] },
    fields: mixed,
    contactId: required,
    contactName: required,
    identityId: optional,
    conversationId: optional,
    accountId: optional,
    channel: required,
    assigneeId: optional,
    assigneeName: optional,
    teamId: optional,
    teamName: optional,
    origin: mixed,
    incidentId: optional,
    clocks: { type: Schema.Types.Mixed, default: [] },
    dueAt: moment,
    searchKeys: { type: [String], default: [] },
    workspace: { type: String, default: 'live' },
    version: { type: Number, default: 1 },
    solvedAt: moment,
    createdAt: time,
    updatedAt: time,
    ...pendingEventsFields,
  },
  options,
);
ticketSchema.index({ number: 1 }, { unique: true });
ticketSchema.index({ workspace: 1, createdAt: -1, _id: -1 });
ticketSchema.index({ status: 1, createdAt: -1, _id: -1 });
ticketSchema.index({ assigneeId: 1, createdAt: -1, _id: -1 });
ticketSchema.index({ contactId: 1, createdAt: -1, _id: -1 });
ticketSchema.index({ searchKeys: 1, createdAt: -1, _id: -1 });
indexPendingEvents(ticketSchema);

const eventSchema = new Schema<TicketEventRow>(
  {
    _id: required,
    ticketId: required,
    type: required,
    actor: { type: Schema.Types.Mixed, required: true },
    teamId: optional,
    accountId: optional,
    before: mixed,
    after: mixed,
    cause: optional,
    at: time,
    recordedAt: time,
    order: required,
  },
  options,
);
eventSchema.index({ ticketId: 1, order: 1 });

const counterSchema = new Schema<CounterRow>({ _id: required, value: { type: Number, default: 0 } }, options);
