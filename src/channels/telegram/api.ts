import { FormData, type Dispatcher } from 'undici';
import { callPlatform } from '../host/call-platform';
import { failure } from '../host/failures';
import type { TelegramConfiguration } from './definition';

interface ApiAnswer {
  ok?: boolean;
  result?: unknown;
  description?: string;
  error_code?: number;
  parameters?: { retry_after?: number; migrate_to_chat_id?: number };
}

/** One call of the Bot API. @throws a delivery failure with its class; the token stands in no message. */
export async function callTelegram(
  configuration: TelegramConfiguration,
  method: string,
  parameters: object | FormData,
  dispatcher?: Dispatcher,
): Promise<unknown> {
  const { apiBaseUrl, botToken } = configuration;
  const { status, json } = await callPlatform(`${apiBaseUrl}/bot${botToken}/${method}`, {
    ...(parameters instanceof FormData ? { form: parameters } : { json: parameters }),
    account: botToken,
    secrets: [botToken],
    dispatcher,
  });
  const answer = (json ?? {}) as ApiAnswer;
  if (status === 200 && answer.ok) return answer.result;
  // 200 with something else in it: taken or not, nobody can tell.
  if (status === 200) throw failure('unknown', 'Telegram answered something that is no answer.');
  throw toFailure(status, answer);
}

function toFailure(status: number, answer: ApiAnswer): Error {
  const { ok, description = 'no description', parameters } = answer;
  const more = { platformCode: String(status) };
  const message = `Telegram: ${status} ${description}`;
  if (status === 429)
    return failure('retry', message, { ...more, retryAfterMs: (parameters?.retry_after ?? 1) * 1_000 });
  // A gateway that gave up says nothing of the Bot API behind it, which may have taken the message.
  if (status >= 500) return failure(ok === false ? 'retry' : 'unknown', message, more);
  if (status === 401 || status === 404) return failure('token', message, more);
  if (status === 403 || /chat not found|user is deactivated/i.test(description))
    return failure('recipient', message, more);
  return failure('permanent', message, more);
}
