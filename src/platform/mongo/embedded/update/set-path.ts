import { LazyDocument } from '../bson/lazy-document';
import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';

/** A place in a document that an operator works on; documents on the way are made when they are missing. */
export interface Place {
  get(): Value | undefined;
  set(value: Value): void;
  unset(): void;
  /** @throws StoreError when the path leads through something that could not have what it names. */
  requireViable(): void;
}

/** @throws StoreError when the path leads through something that is no document. */
export function placeAt(doc: Doc, path: string): Place {
  const keys = path.split('.');
  if (keys.some((key) => key === ''))
    throw new StoreError(56, `The update path '${path}' contains an empty field name`);
  const last = keys.pop() as string;
  return {
    get: () => child(reach(doc, keys), last),
    set: (value) => put(own(doc, keys, true, path) as Doc | Value[], last, value, path),
    unset: () => remove(own(doc, keys, false, path), last),
    requireViable: () => requireViable(doc, [...keys, last], path),
  };
}

const reach = (doc: Doc, keys: string[]): Value | undefined => keys.reduce<Value | undefined>(child, doc);

export function requireViable(doc: Doc, keys: string[], path: string): void {
  let value: Value | undefined = doc;
  for (const key of keys) {
    if (!isDoc(value) && !(Array.isArray(value) && /^\d+$/.test(key)))
      throw new StoreError(28, `Cannot use the part (${key}) of (${path}) to traverse the element`);
    value = child(value, key);
    if (value === undefined) return;
  }
}

/** What is on the way is copied, for other versions of the document share it. */
function own(doc: Doc, keys: string[], make: boolean, path: string): Value | undefined {
  let parent: Value = doc;
  for (const [index, key] of keys.entries()) {
    const there = child(parent, key);
    if (!make && !isDoc(there) && !Array.isArray(there)) return undefined;
    const next = there === undefined ? new Map<string, Value>() : copyOf(there);
    if (!isDoc(next) && !Array.isArray(next))
      throw new StoreError(
        28,
        `Cannot create field '${keys[index + 1] ?? path.split('.').at(-1)}' in element {${key}: …}`,
      );
    put(parent, key, next, path);
    parent = next;
  }
  return parent;
}

/** A copy that can be changed; what is inside is shared until it is changed too. */
export function copyOf(value: Value): Value {
  if (Array.isArray(value)) return [...value];
  if (value instanceof LazyDocument) return value.copy();
  return isDoc(value) ? new Map(value) : value;
}

function child(value: Value | undefined, key: string): Value | undefined {
  if (isDoc(value)) return value.get(key);
  return Array.isArray(value) && /^\d+$/.test(key) ? value[Number(key)] : undefined;
}

const longestPadding = 1_500_000;

function put(parent: Value, key: string, value: Value, path: string): void {
  if (isDoc(parent)) return void parent.set(key, value);
  if (!Array.isArray(parent) || !/^(0|[1-9]\d*)$/.test(key))
    throw new StoreError(28, `Cannot create field '${key}' in element of '${path}'`);
  const index = Number(key);
  if (index - parent.length > longestPadding) throw new StoreError(2, 'The array would be padded too far');
  while (parent.length < index) parent.push(null);
  parent[index] = value;
}

function remove(parent: Value | undefined, key: string): void {
  if (isDoc(parent)) parent.delete(key);
  else if (Array.isArray(parent) && /^\d+$/.test(key) && Number(key) < parent.length)
    parent[Number(key)] = null;
}
