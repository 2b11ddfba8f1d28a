import { type ApiAnswer, jsonAnswer } from '../http/api-call';

/** A call that the Bot API refuses; `description` is Telegram's own text. */
export class TelegramError extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 413 | 429 | 500,
    readonly description: string,
    readonly parameters?: { retry_after: number },
  ) {
    super(description);
  }
}

export const badRequest = (reason: string) => new TelegramError(400, `Bad Request: ${reason}`);

export function errorAnswer({ status, description, parameters }: TelegramError): ApiAnswer {
  const body = { ok: false, error_code: status, description, ...(parameters && { parameters }) };
  const answer = jsonAnswer(status, body, `${status} ${description}`);
  if (!parameters) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(parameters.retry_after) } };
}
