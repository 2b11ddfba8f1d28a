import { z } from 'zod';
import { deadLetterKinds } from '../domain/dead-letter';
import { id, instant, paging } from './common';

const kind = z.enum(deadLetterKinds);

export const deadLetterView = z.object({
  id: z.string(),
  kind,
  state: z.enum(['dead', 'unknown', 'quarantined']),
  accountId: z.string(),
  at: instant,
  attempts: z.number().int(),
  error: z.string().nullable(),
  text: z.string().nullable(),
  conversationId: z.string().nullable(),
});
export type DeadLetterView = z.infer<typeof deadLetterView>;

/** `raw`: the webhook's body as text, at most 64 KiB of it. */
export const deadLetterDetail = deadLetterView.extend({ raw: z.string().nullable() });
export type DeadLetterDetail = z.infer<typeof deadLetterDetail>;

/** Without a kind: of all three. */
export const deadLettersQuery = z.strictObject({ ...paging, kind: kind.optional() });
export const deadLetterParams = z.object({ kind, id });
