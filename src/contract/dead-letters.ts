import { z } from 'zod';
import { deadLetterKinds } from '../domain/dead-letter';
import { deliveryErrorClasses } from '../domain/delivery';
import { id, instant, paging } from './common';

const kind = z.enum(deadLetterKinds);

export const deadLetterView = z.object({
  id: z.string(),
  kind,
  state: z.enum(['dead', 'unknown', 'quarantined']),
  accountId: z.string(),
  at: instant,
  attempts: z.number().int(),
  /** In the words of whoever refused: the platform, or Parley where it could not handle a message. */
  error: z.string().nullable(),
  /** What the refusal means, of a reply that was tried. */
  errorClass: z.enum(deliveryErrorClasses).nullable(),
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
