import type { ErrorRequestHandler, RequestHandler } from 'express';
import { AppError, InvalidInput, NotFound, TooManyRequests, Unavailable } from '../errors';
import type { Logger } from '../log';
import { isStoreAway } from '../mongo/connection';

/** The one place where an error becomes an HTTP answer. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const known = toAppError(error);
    if (!known) log.error({ err: error, method: request.method, path: request.path }, 'http: request failed');
    if (known instanceof TooManyRequests) response.setHeader('Retry-After', known.retryAfterSeconds);
    response.status(known?.status ?? 500).json(errorBody(known));
  };
}

/** The last of all handlers: what no other has answered is not there. */
export const nothingHere: RequestHandler = (request, _response, next) => {
  next(new NotFound(`Nothing here: ${request.method} ${request.path}.`));
};

export function errorBody(error: AppError | null) {
  if (!error) return { error: { code: 'internal', message: 'Something went wrong on our side.' } };
  const details = error.details === undefined ? {} : { details: error.details };
  return { error: { code: error.code, message: error.message, ...details } };
}

/** Null for what nobody foresaw: the answer then tells nothing of it. */
export function toAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  const { status, type } = (error ?? {}) as { status?: number; type?: string };
  // A page's file that has not been built, or a path that no file has.
  if (status === 404) return new NotFound('Nothing here.');
  if (type === 'entity.too.large') return new AppError(413, 'too_large', 'The body is too large.');
  if (status === 415)
    return new AppError(415, 'unsupported_encoding', 'Send the body uncompressed, in UTF-8.');
  if (type?.startsWith('entity.') || status === 400) return new InvalidInput('The request cannot be read.');
  if (isStoreAway(error)) return new Unavailable('The store cannot be reached.', error);
  return null;
}
