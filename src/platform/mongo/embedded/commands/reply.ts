import { Int32 } from 'bson';
import type { Doc, Value } from '../bson/value';

export const int = (value: number): Int32 => new Int32(value);

/** An answer's document; `ok: 1` at its end unless it is a part of one. */
export function reply(
  fields: Record<string, Value>,
  isWhole = !('stage' in fields || 'winningPlan' in fields || 'nReturned' in fields),
): Doc {
  const doc: Doc = new Map(Object.entries(fields));
  if (isWhole) doc.set('ok', 1);
  return doc;
}
