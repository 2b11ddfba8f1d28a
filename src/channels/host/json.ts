import { malformed } from './failures';

/** @throws InvalidInput for what is empty, not valid UTF-8, no JSON, or no object. */
export function parseJsonObject(body: string | undefined): Record<string, unknown> {
  if (!body?.trim()) throw malformed('The body is empty.');
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw malformed('The body is no JSON.');
  }
  if (!value || typeof value !== 'object' || Array.isArray(value))
    throw malformed('The body is no JSON object.');
  return value as Record<string, unknown>;
}
