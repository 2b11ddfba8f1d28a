import { z } from 'zod';
import { id, instant, paging } from './common';

const media = z.object({
  /** Where our origin serves it; null while or because it could not be fetched. */
  url: z.string().nullable(),
  name: z.string(),
  mimeType: z.string(),
  sizeBytes: z.number(),
  error: z.string().nullable(),
  transcript: z.string().nullable(),
});

export const contentView = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('choice'),
    text: z.string(),
    options: z.array(z.object({ id: z.string(), label: z.string() })),
  }),
  z.object({ type: z.enum(['image', 'voice', 'video', 'file']), media, caption: z.string().nullable() }),
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    label: z.string().nullable(),
  }),
  z.object({
    type: z.literal('link'),
    url: z.string(),
    title: z.string(),
    description: z.string().nullable(),
  }),
  z.object({ type: z.literal('unsupported'), platformType: z.string() }),
]);
export type ContentView = z.infer<typeof contentView>;

export const delivery = z.enum(['pending', 'sent', 'delivered', 'read', 'failed', 'unknown']);

export const messageView = z.object({
  id: z.string(),
  seq: z.number().int(),
  conversationId: z.string(),
  author: z.enum(['contact', 'bot', 'agent', 'system', 'note']),
  /** Set for `agent` and `note`. */
  agent: z.object({ id: z.string(), name: z.string() }).nullable(),
  text: z.string(),
  content: contentView,
  at: instant,
  sentAt: instant.nullable(),
  editedAt: instant.nullable(),
  delivery: delivery.nullable(),
  deliveryError: z
    .object({ class: z.string(), message: z.string(), platformCode: z.string().nullable() })
    .nullable(),
  clientMessageId: z.string().nullable(),
  articleIds: z.array(z.string()),
});
export type MessageView = z.infer<typeof messageView>;

const text = z
  .string()
  .max(4_000)
  .refine((value) => value.trim() !== '', 'must not be empty');
const clientMessageId = z.string().min(1).max(100);

export const sendMessage = z.strictObject({
  text,
  clientMessageId,
  /** The last seq the agent saw: another agent's reply after it is a collision. */
  lastSeenSeq: z.number().int().min(0).optional(),
});
export const addNote = z.strictObject({ text, clientMessageId: clientMessageId.optional() });
export const messagesQuery = z.strictObject({
  ...paging,
  /** Only messages with a smaller seq: the page before. */
  before: z.coerce.number().int().min(1).optional(),
});
export const messageParams = z.object({ id, messageId: id });
