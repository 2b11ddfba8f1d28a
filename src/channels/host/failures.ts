import { RuntimeError } from '@botpress/sdk';
import type { DeliveryErrorClass, DeliveryFailure } from '../../domain/delivery';
import { AppError, Forbidden, InvalidInput, Unavailable } from '../../platform/errors';

/** What an integration says of a call that failed; it survives as plain metadata. */
interface FailureMetadata {
  parleyClass?: DeliveryErrorClass;
  retryable?: boolean;
  retryAfterMs?: number;
  tokenExpired?: boolean;
  windowClosed?: boolean;
  recipientGone?: boolean;
  platformCode?: string;
}

/** A failure that an adapter throws: the class decides what becomes of the message. */
export function failure(
  errorClass: DeliveryErrorClass,
  message: string,
  more: { platformCode?: string; retryAfterMs?: number } = {},
): Error {
  return new RuntimeError(message, undefined, undefined, { parleyClass: errorClass, ...more });
}

export const badSignature = (): Error => new Forbidden('The signature is wrong.', 'bad_signature');
export const stale = (): Error =>
  new Forbidden('It was signed too long ago, or the clock of this server is wrong.', 'stale_signature');
export const malformed = (what: string): Error => new InvalidInput(what);

/**
 * What a webhook that threw is answered. The SDK's errors are the caller's fault unless they say `retryable`: then, and
 * for what nobody foresaw, 503 asks for redelivery.
 */
export function toWebhookError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { message, metadata, isApiError } = (error ?? {}) as {
    message?: string;
    metadata?: FailureMetadata;
    isApiError?: boolean;
  };
  if (!isApiError && !metadata) return error;
  if (metadata?.retryable || (metadata?.parleyClass && metadata.parleyClass !== 'permanent'))
    return new Unavailable('Not now. Deliver it again.', error);
  return new InvalidInput(message || 'This webhook is not understood.');
}

const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * What a thrown error means for the message. Bundles bring their own copy of the SDK, so only the shape counts.
 * Not reached: try again. Reached, but no answer: nobody knows, so it is never sent again by itself.
 */
export function toFailure(error: unknown): DeliveryFailure {
  const {
    message = 'failed',
    metadata,
    cause,
  } = (error ?? {}) as { message?: string; metadata?: FailureMetadata; cause?: { code?: string } };
  const code = cause?.code ?? (error as { code?: string } | null)?.code;
  const errorClass = metadata ? classOf(metadata) : code && notConnected.has(code) ? 'retry' : 'unknown';
  return {
    errorClass,
    message,
    platformCode: metadata?.platformCode ?? null,
    retryAfterMs: metadata?.retryAfterMs ?? null,
  };
}

function classOf(metadata: FailureMetadata): DeliveryErrorClass {
  if (metadata.parleyClass) return metadata.parleyClass;
  if (metadata.tokenExpired) return 'token';
  if (metadata.windowClosed) return 'window';
  if (metadata.recipientGone) return 'recipient';
  return metadata.retryable ? 'retry' : 'permanent';
}
