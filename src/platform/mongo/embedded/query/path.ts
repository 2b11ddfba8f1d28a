import { isDoc, type Doc, type Value } from '../bson/value';

/** Every value that a dotted path leads to: through documents, through the documents in arrays, and by index. */
export function valuesAt(doc: Doc, path: string): (Value | undefined)[] {
  const found: (Value | undefined)[] = [];
  walk(doc, path.split('.'), found);
  return found;
}

function walk(value: Value | undefined, path: string[], found: (Value | undefined)[]): void {
  const [key, ...rest] = path;
  if (key === undefined) return void found.push(value);
  if (isDoc(value)) return walk(value.get(key), rest, found);
  if (!Array.isArray(value)) return void found.push(undefined);
  // An index leads to an item; a name leads through every document of the array.
  if (/^\d+$/.test(key) && Number(key) < value.length) walk(value[Number(key)], rest, found);
  for (const item of value) if (isDoc(item)) walk(item, path, found);
}

/** What an operator is asked about: the values themselves, and the items of those that are arrays. */
export function candidatesAt(doc: Doc, path: string): (Value | undefined)[] {
  const candidates: (Value | undefined)[] = [];
  for (const value of valuesAt(doc, path)) {
    candidates.push(value);
    if (Array.isArray(value)) candidates.push(...value);
  }
  return candidates;
}
