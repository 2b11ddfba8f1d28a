import { longestOf, writePart } from '../bson/key';
import { keyBytes } from '../bson/key-writer';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { folded, isPlainText, parseCollation, type Collation } from '../query/collation';
import { keyValues, plainValues } from '../query/key-values';
import { compileFilter, type Matches } from '../query/matcher';
import { valuesAt } from '../query/path';

export interface IndexField {
  path: string;
  /** The names that the path is made of. */
  keys: string[];
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
  collation: Collation | null;
  /** The fields that have been an array, in a document that stood under several keys. */
  multikeyPaths: Set<string>;
  readonly isMultikey: boolean;
  /**
   * Has a value ever been longer than its part of a key, or, under a collation, a text that is not plain? Then the keys
   * are not in the order of the values.
   */
  isShortened: boolean;
  /** Of a unique one: an entry behind which there is none, as it stands in the table. Null: not looked up yet. */
  last: Buffer | null;
  /** The most bytes that one field has in a key. */
  longestPart: number;
  spec: Doc;
  /** Can its keys be others when these top fields have changed? */
  readsAnyOf(fields: ReadonlySet<string>): boolean;
}

const knownOptions = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'collation',
  'v',
  'ns',
]);

const mostFields = 32;

/** @throws StoreError for an index that cannot be. */
export function defineIndex(
  number: number,
  spec: Doc,
  { multikeyPaths = new Set<string>(), isShortened = false } = {},
): IndexDefinition {
  const unknown = [...spec.keys()].find((key) => !knownOptions.has(key));
  if (unknown)
    throw unknown === 'hidden'
      ? notSupported(`the index option ${unknown}`)
      : new StoreError(197, `The field '${unknown}' is not valid for an index specification`);
  const key = spec.get('key');
  if (key === undefined)
    throw new StoreError(9, "The 'key' field is a required property of an index specification");
  if (!isDoc(key) || key.size === 0) throw new StoreError(67, 'Index keys cannot be empty');
  if (key.size > mostFields) throw new StoreError(13103, 'too many compound keys');
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
    fields: [...key].map(([path, value]) => ({
      path,
      keys: path.split('.'),
      direction: directionOf(path, value),
    })),
    isUnique: truthy(spec.get('unique')),
    isSparse: truthy(spec.get('sparse')),
    partial: partial ? { filter: partial, matches: compileFilter(partial) } : null,
    expireAfterSeconds: isNumber(expire) ? toDouble(expire) : null,
    collation: parseCollation(spec.get('collation')),
    multikeyPaths,
    get isMultikey() {
      return this.multikeyPaths.size > 0;
    },
    isShortened,
    last: null,
    longestPart: longestOf(key.size),
    spec,
    readsAnyOf: readerOf([...key.keys(), ...(partial ? partial.keys() : [])]),
  };
}

/** A partial filter with operators at its top may read anything. */
function readerOf(paths: string[]): IndexDefinition['readsAnyOf'] {
  const heads = [...new Set(paths.map((path) => path.split('.')[0] as string))];
  const readsAll = heads.some((head) => head.startsWith('$'));
  return (fields) => fields.size > 0 && (readsAll || heads.some((head) => fields.has(head)));
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

/**
 * The keys under which a document stands in an index: one for each item where a field is an array. `shortened` is told
 * of values that are not whole in them.
 */
export function keysOf(index: IndexDefinition, doc: Doc, shortened: () => void = () => undefined): Buffer[] {
  if (index.partial && !index.partial.matches(doc)) return [];
  if (
    index.isSparse &&
    index.fields.every(({ path }) => valuesAt(doc, path).every((value) => value === undefined))
  )
    return [];
  const paths = index.fields.map(({ keys }) => keys);
  const plain = plainValues(doc, paths);
  if (plain) return [keyOf(index, plain, shortened)];
  const keys = keyValues(doc, paths, refuseParallel).map((values) => keyOf(index, values, shortened));
  if (keys.length === 1) return keys;
  return [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()];
}

/** The fields of an index that lead through an array in this document. */
export const arrayPaths = ({ fields }: IndexDefinition, doc: Doc): string[] =>
  fields.filter(({ keys }) => leadsThroughArray(doc, keys)).map(({ path }) => path);

function leadsThroughArray(value: Value | undefined, [key, ...rest]: string[]): boolean {
  if (Array.isArray(value)) return true;
  return key !== undefined && isDoc(value) && leadsThroughArray(value.get(key), rest);
}

function keyOf(
  { fields, collation, longestPart }: IndexDefinition,
  values: Value[],
  shortened: () => void,
): Buffer {
  return keyBytes(() => {
    fields.forEach(({ direction }, at) => {
      const given = values[at] as Value;
      const value = collation ? folded(given, collation.fold) : given;
      if (collation && !isPlainText(given)) shortened();
      if (writePart(value, direction === -1, longestPart)) shortened();
    });
  });
}

function refuseParallel(): never {
  throw new StoreError(171, 'cannot index parallel arrays');
}
