/**
 * What a failed call to a platform means for the message.
 * `retry`: not accepted, try again; `token`: credentials refused; `window`: the reply window or quota is closed;
 * `recipient`: blocked or gone; `permanent`: will never be accepted; `unknown`: may have been accepted, never sent again by itself.
 */
export const deliveryErrorClasses = [
  'retry',
  'token',
  'window',
  'recipient',
  'permanent',
  'unknown',
] as const;
export type DeliveryErrorClass = (typeof deliveryErrorClasses)[number];

export interface DeliveryFailure {
  errorClass: DeliveryErrorClass;
  message: string;
  platformCode: string | null;
  retryAfterMs: number | null;
}

export interface Delivered {
  /** The platform's id of the message, where it gives one. */
  externalId: string | null;
}

export type DeliveryOutcome = ({ ok: true } & Delivered) | ({ ok: false } & DeliveryFailure);

const firstDelayMs = 1_000;
/** The longest wait between two tries, unless the platform asks for a longer one. */
export const longestDelayMs = 5 * 60_000;
/** About an hour of tries with the delays below. */
export const maxAttempts = 16;

/** Exponential backoff with full jitter on its upper half; `random` is in [0, 1). */
export function retryDelayMs(attempt: number, retryAfterMs: number | null, random: number): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, attempt - 1));
  const backoff = ceiling / 2 + (ceiling / 2) * random;
  return Math.round(Math.max(backoff, retryAfterMs ?? 0));
}
