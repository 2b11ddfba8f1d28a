import type { DeliveryFailure } from '../domain/delivery';

interface Extra {
  details?: unknown;
  cause?: unknown;
}

/** An error that the edges may show: `status` and `code` are part of the contract. */
export class AppError extends Error {
  readonly details: unknown;
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    extra: Extra = {},
  ) {
    super(message, { cause: extra.cause });
    this.name = new.target.name;
    this.details = extra.details;
  }
}

export class NotFound extends AppError {
  constructor(message: string) {
    super(404, 'not_found', message);
  }
}

export class Unauthorized extends AppError {
  constructor(message = 'Sign in first.') {
    super(401, 'unauthorized', message);
  }
}

export class Forbidden extends AppError {
  constructor(message = 'Your role may not do this.', code = 'forbidden') {
    super(403, code, message);
  }
}

export class Conflict extends AppError {
  constructor(code: string, message: string, details?: unknown) {
    super(409, code, message, { details });
  }
}

export class InvalidInput extends AppError {
  constructor(message: string, details?: unknown) {
    super(400, 'invalid_input', message, { details });
  }
}

export class TooManyRequests extends AppError {
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
    code = 'too_many_requests',
  ) {
    super(429, code, message);
  }
}

export class Unavailable extends AppError {
  constructor(message: string, cause?: unknown) {
    super(503, 'unavailable', message, { cause });
  }
}

/** A platform did not take a message. `failure.errorClass` says what that means for it. */
export class DeliveryFailed extends AppError {
  constructor(readonly failure: DeliveryFailure) {
    super(502, 'delivery_failed', failure.message);
  }
}
