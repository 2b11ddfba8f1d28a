import type { GuardedFetch } from '../../platform/net/guarded-fetch';
import type { Position } from './interpreter';
import type { Step } from './schema';
import { fill } from './template';

type CallStep = Extract<Step, { kind: 'call' }>;

const largestAnswerBytes = 256 * 1024;

/** Makes a flow's HTTP call. The key lets the API act once, though a crash may repeat the call. */
export async function callAction(
  fetch: GuardedFetch,
  step: CallStep,
  position: Position,
  parts: { config: Record<string, string>; idempotencyKey: string },
): Promise<Position> {
  const to = (stepId: string, slots = position.slots): Position => ({ stepId, slots, attempts: 0 });
  try {
    const answer = await fetch(fill(step.url, position.slots, parts.config, encodeURIComponent), {
      method: step.method,
      headers: {
        accept: 'application/json',
        'idempotency-key': parts.idempotencyKey,
        ...(step.body && { 'content-type': 'application/json' }),
      },
      body:
        step.body &&
        JSON.stringify(
          Object.fromEntries(
            Object.entries(step.body).map(([key, value]) => [key, fill(value, position.slots, parts.config)]),
          ),
        ),
      timeoutMs: step.timeoutSeconds * 1_000,
      maxBytes: largestAnswerBytes,
    });
    const special = step.onStatus[String(answer.status)];
    if (special) return to(special);
    if (answer.status < 200 || answer.status > 299) return to(step.onError);
    return to(step.next, {
      ...position.slots,
      ...saved(step.save, JSON.parse(answer.body.toString('utf8'))),
    });
  } catch {
    return to(step.onError);
  }
}

function saved(save: Record<string, string>, body: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(save).flatMap(([slot, path]) => {
      const value = path
        .split('.')
        .reduce<unknown>(
          (part, key) =>
            part && typeof part === 'object' && Object.hasOwn(part, key)
              ? (part as Record<string, unknown>)[key]
              : undefined,
          body,
        );
      return typeof value === 'string' || typeof value === 'number'
        ? [[slot, String(value).slice(0, 500)]]
        : [];
    }),
  );
}
