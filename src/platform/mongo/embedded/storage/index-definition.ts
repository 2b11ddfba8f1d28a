import { keyPart } from '../bson/key';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { compileFilter, type Matches } from '../query/matcher';
import { valuesAt } from '../query/path';

export interface IndexField {
  path: string;
  direction: 1 | -1;
}

/** An index as it is used; `spec` is what the client gave, and what the catalogue keeps. */
export interface IndexDefinition {
  number: number;
  name: string;
  fields: IndexField[];
  isUnique: boolean;
  isSparse: boolean;
  partial: { filter: Doc; matches: Matches } | null;
  expireAfterSeconds: number | null;
  spec: Doc;
}

const knownOptions = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'v',
  'ns',
]);

/** @throws StoreError for an index that cannot be. */
export function defineIndex(number: number, spec: Doc): IndexDefinition {
  const unknown = [...spec.keys()].find((key) => !knownOptions.has(key));
  if (unknown)
    throw unknown === 'collation' || unknown === 'hidden'
      ? notSupported(`the index option ${unknown}`)
      : new StoreError(197, `The field '${unknown}' is not valid for an index specification`);
  const key = spec.get('key');
  if (key === undefined)
    throw new StoreError(9, "The 'key' field is a required property of an index specification");
  if (!isDoc(key) || key.size === 0) throw new StoreError(67, 'Index keys cannot be empty');
  refuseSharedArrays([...key.keys()]);
  const name = spec.get('name');
  if (typeof name !== 'string' || name === '')
    throw new StoreError(9, "The 'name' field is a required property of an index specification");
  const partial = spec.get('partialFilterExpression');
  if (partial !== undefined && !isDoc(partial))
    throw new StoreError(14, 'partialFilterExpression must be an object');
  if (partial && truthy(spec.get('sparse')))
    throw new StoreError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  const expire = spec.get('expireAfterSeconds');
  return {
    number,
    name,
    fields: [...key].map(([path, value]) => ({ path, direction: directionOf(path, value) })),
    isUnique: truthy(spec.get('unique')),
    isSparse: truthy(spec.get('sparse')),
    partial: partial ? { filter: partial, matches: compileFilter(partial) } : null,
    expireAfterSeconds: isNumber(expire) ? toDouble(expire) : null,
    spec,
  };
}

/** Fields of one document inside an array would have to be paired item by item. */
function refuseSharedArrays(paths: string[]): void {
  const parents = paths.filter((path) => path.includes('.')).map((path) => path.split('.')[0]);
  if (new Set(parents).size < parents.length)
    throw notSupported('an index on several fields of one embedded document');
}

function directionOf(path: string, value: Value): 1 | -1 {
  if (path.startsWith('$')) throw new StoreError(67, 'Index key contains an illegal field name');
  if (typeof value === 'string') throw notSupported(`a ${value} index`);
  const direction = isNumber(value) ? toDouble(value) : 0;
  if (!direction || Number.isNaN(direction))
    throw new StoreError(67, 'Values in the index key pattern cannot be 0 or non-numeric');
  return direction > 0 ? 1 : -1;
}

const truthy = (value: Value | undefined): boolean =>
  value === true || (isNumber(value) && toDouble(value) !== 0);

/** The keys under which a document stands in an index: one for each item where a field is an array. */
export function keysOf(index: IndexDefinition, doc: Doc): Buffer[] {
  if (index.partial && !index.partial.matches(doc)) return [];
  if (
    index.isSparse &&
    index.fields.every(({ path }) => valuesAt(doc, path).every((value) => value === undefined))
  )
    return [];
  let keys: Buffer[] = [Buffer.alloc(0)];
  let arrays = 0;
  for (const { path, direction } of index.fields) {
    const values = valuesAt(doc, path);
    const items = values.flatMap((value) =>
      Array.isArray(value) ? (value.length === 0 ? [undefined] : value) : [value],
    );
    if ((values.some(Array.isArray) || values.length > 1) && ++arrays > 1)
      throw new StoreError(171, 'cannot index parallel arrays');
    const parts = items.map((item) => keyPart(item ?? null, direction === -1));
    keys = keys.flatMap((key) => parts.map((part) => Buffer.concat([key, part])));
  }
  return [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()];
}
