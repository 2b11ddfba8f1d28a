import { z } from 'zod';
import { instant, paging } from './common';
import { conversationView } from './conversations';
import { ticketView } from './tickets';

export const identityView = z.object({
  id: z.string(),
  network: z.string(),
  accountId: z.string(),
  externalId: z.string(),
  platformId: z.string().nullable(),
  name: z.string().nullable(),
  createdAt: instant,
});
export const contactView = z.object({
  id: z.string(),
  name: z.string(),
  language: z.string().nullable(),
  timeZone: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  company: z.string().nullable(),
  about: z.string().nullable(),
  tags: z.array(z.string()),
  createdAt: instant,
  updatedAt: instant,
});
export type ContactView = z.infer<typeof contactView>;
export const contactDetail = contactView.extend({ identities: z.array(identityView) });
export type ContactDetail = z.infer<typeof contactDetail>;

/** Newest first: what happened with this person on every channel. */
export const timelineItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('conversation'), at: instant, conversation: conversationView }),
  z.object({ kind: z.literal('ticket'), at: instant, ticket: ticketView }),
]);
export type TimelineItem = z.infer<typeof timelineItem>;

export const contactsQuery = z.strictObject({ ...paging, q: z.string().min(1).max(100).optional() });

const optionalText = z.string().trim().max(500).nullable().optional();
export const changeContact = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  language: z.string().max(20).nullable().optional(),
  timeZone: z.string().max(50).nullable().optional(),
  email: z.email().max(200).nullable().optional(),
  phone: z.string().max(40).nullable().optional(),
  company: optionalText,
  about: optionalText,
  tags: z.array(z.string().trim().min(1).max(50)).max(50).optional(),
});
