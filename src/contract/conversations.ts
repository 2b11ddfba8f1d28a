import { z } from 'zod';
import { conversationStatuses, mostCounted } from '../domain/conversation';
import { id, instant, paging, reference } from './common';

export const handoverView = z.object({
  reason: z.string(),
  summary: z.string(),
  slots: z.record(z.string(), z.string()),
  articles: z.array(z.object({ id: z.string(), title: z.string(), confidence: z.number() })),
  language: z.string().nullable(),
  at: instant,
});

export const clockView = z.object({
  metric: z.enum(['first_response', 'next_response', 'resolution']),
  state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']),
  startedAt: instant,
  dueAt: instant,
  /** When the pill turns amber. */
  warnAt: instant,
});

export const conversationView = z.object({
  id: z.string(),
  accountId: z.string(),
  channel: z.string(),
  status: z.enum(conversationStatuses),
  contact: reference,
  assignee: reference.nullable(),
  team: reference.nullable(),
  ticket: z.object({ id: z.string(), number: z.number().int() }).nullable(),
  lastMessage: z
    .object({ text: z.string(), at: instant, author: z.enum(['contact', 'bot', 'agent', 'system', 'note']) })
    .nullable(),
  handover: handoverView.nullable(),
  /** The nearest running SLA deadline. */
  dueAt: instant.nullable(),
  clock: clockView.nullable(),
  replyWindow: z.object({ closesAt: instant, left: z.number().int().nullable() }).nullable(),
  language: z.string().nullable(),
  priority: z.enum(['low', 'normal', 'high', 'urgent']),
  lastSeq: z.number().int(),
  version: z.number().int(),
  createdAt: instant,
  updatedAt: instant,
  queuedAt: instant.nullable(),
  snoozedUntil: instant.nullable(),
  closedAt: instant.nullable(),
  /** In push mode: to whom it is offered now, and until when. */
  offer: z.object({ agentId: z.string(), until: instant }).nullable(),
  previousId: z.string().nullable(),
});
export type ConversationView = z.infer<typeof conversationView>;

/** One conversation read alone also tells its place in the queue. */
export const conversationDetail = conversationView.extend({ queuePosition: z.number().int().nullable() });
export type ConversationDetail = z.infer<typeof conversationDetail>;

export const conversationsQuery = z.strictObject({
  ...paging,
  status: z.enum(conversationStatuses).optional(),
  /** `false`: only those that are not closed. */
  closed: z.enum(['true', 'false']).optional(),
  /** An agent id, `me` or `none`. */
  assignee: z.string().min(1).max(200).optional(),
  team: id.optional(),
  channel: id.optional(),
  contact: id.optional(),
  q: z.string().min(1).max(100).optional(),
});

const countOf = z.number().int().min(0).max(mostCounted).describe('100 is 100 or more.');

/** How many conversations each view of the inbox holds, as far as this agent may see them; each up to `mostCounted`. */
export const conversationCounts = z.object({
  /** Mine, that do not rest. */
  mine: countOf,
  queued: countOf,
  bot: countOf,
  snoozed: countOf,
  /** All that are not closed. */
  unclosed: countOf,
});
export type ConversationCounts = z.infer<typeof conversationCounts>;

export const idParams = z.object({ id });
export const assignBody = z.strictObject({ agentId: id });
export const transferBody = z
  .strictObject({ teamId: id.optional(), agentId: id.optional(), note: z.string().max(4_000).optional() })
  .refine((body) => Boolean(body.teamId) !== Boolean(body.agentId), 'give either teamId or agentId');
export const snoozeBody = z.strictObject({ until: instant });
/** Category on close; all optional. */
export const closeBody = z.strictObject({ category: z.string().max(100).optional() });
