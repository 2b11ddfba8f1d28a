import { isDoc, type Doc, type Value } from '../bson/value';

type Found = Value | undefined;
type Test = (value: Found) => boolean;

/** Every value that a dotted path leads to: through documents, through the documents in arrays, and by index. */
export function valuesAt(doc: Doc, path: string): Found[] {
  if (!path.includes('.')) return [doc.get(path)];
  const found: Found[] = [];
  reaches(doc, path.split('.'), 0, (value) => {
    found.push(value);
    return false;
  });
  return found;
}

/** Does one of the values that a path leads to pass? */
export function someValueAt(path: string, test: Test): (doc: Doc) => boolean {
  const keys = path.split('.');
  return keys.length === 1 ? (doc) => test(doc.get(path)) : (doc) => reaches(doc, keys, 0, test);
}

/** Of what an operator is asked about, does one pass? That is the values themselves, and the items of arrays. */
export const someCandidateAt = (path: string, test: Test): ((doc: Doc) => boolean) =>
  someValueAt(path, (value) => test(value) || (Array.isArray(value) && value.some((item) => test(item))));

function reaches(value: Found, keys: string[], at: number, test: Test): boolean {
  const key = keys[at];
  if (key === undefined) return test(value);
  if (isDoc(value)) return reaches(value.get(key), keys, at + 1, test);
  if (!Array.isArray(value)) return test(undefined);
  // An index leads to an item; a name leads through every document of the array.
  if (/^\d+$/.test(key) && Number(key) < value.length && reaches(value[Number(key)], keys, at + 1, test))
    return true;
  return value.some((item) => isDoc(item) && reaches(item, keys, at, test));
}
