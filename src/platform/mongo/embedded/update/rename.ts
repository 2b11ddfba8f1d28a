import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { requireViable, type Place } from './set-path';

/** `$rename` in two steps, named so that no client can ask for one alone. */
export const renamedInto = 'rename into';
export const renamedAway = 'rename away';

export function moveInto(place: Place, from: Value, { source }: { source: Doc }): void {
  const value = valueAt(source, String(from));
  if (value !== undefined) place.set(value);
}

export function moveAway(place: Place): void {
  if (place.get() !== undefined) place.unset();
}

function valueAt(doc: Doc, path: string): Value | undefined {
  const keys = path.split('.');
  requireViable(doc, keys, path);
  let value: Value | undefined = doc;
  for (const key of keys) {
    if (Array.isArray(value))
      throw new StoreError(2, `The source field of $rename cannot be an array element: '${path}'`);
    value = isDoc(value) ? value.get(key) : undefined;
  }
  return value;
}
