import { z } from 'zod';
import { priorities, ticketStatuses } from '../domain/ticket';
import { id, instant, paging, reference } from './common';
import { clockView } from './conversations';

export const ticketView = z.object({
  id: z.string(),
  number: z.number().int(),
  subject: z.string(),
  status: z.enum(ticketStatuses),
  priority: z.enum(priorities),
  category: z.string().nullable(),
  tags: z.array(z.string()),
  fields: z.record(z.string(), z.string()),
  requester: reference,
  assignee: reference.nullable(),
  team: reference.nullable(),
  channel: z.string(),
  conversationId: z.string().nullable(),
  origin: z.object({ kind: z.string(), id: z.string().nullable() }),
  clocks: z.array(clockView),
  dueAt: instant.nullable(),
  version: z.number().int(),
  createdAt: instant,
  updatedAt: instant,
  solvedAt: instant.nullable(),
});
export type TicketView = z.infer<typeof ticketView>;

export const ticketEventView = z.object({
  id: z.string(),
  ticketId: z.string(),
  type: z.string(),
  actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() }),
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
  cause: z.string().nullable(),
  at: instant,
  recordedAt: instant,
});
export type TicketEventView = z.infer<typeof ticketEventView>;

export const ticketsQuery = z.strictObject({
  ...paging,
  status: z.enum(ticketStatuses).optional(),
  assignee: z.string().min(1).max(200).optional(),
  contact: id.optional(),
  q: z.string().min(1).max(100).optional(),
});

const subject = z.string().trim().min(1).max(200);
const tags = z.array(z.string().trim().min(1).max(50)).max(20);
const fields = z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/), z.string().max(500));

export const createTicket = z.strictObject({
  subject,
  contactId: id,
  conversationId: id.optional(),
  priority: z.enum(priorities).optional(),
  category: z.string().max(100).optional(),
  tags: tags.optional(),
  fields: fields.optional(),
});
export const changeTicket = z.strictObject({
  subject: subject.optional(),
  status: z.enum(ticketStatuses).optional(),
  priority: z.enum(priorities).optional(),
  category: z.string().max(100).nullable().optional(),
  tags: tags.optional(),
  fields: fields.optional(),
  assigneeId: id.nullable().optional(),
  teamId: id.nullable().optional(),
  /** The version that was edited; another change since is a 409. */
  version: z.number().int().optional(),
});
