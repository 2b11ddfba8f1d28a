import { keyPart, longestBoundOf } from '../bson/key';
import { equal } from '../bson/compare';
import { isDoc, typeNumber, type Doc, type Value } from '../bson/value';
import { prefixEnd } from '../storage/table';
import type { IndexDefinition } from '../storage/index-definition';
import { isOperators } from './matcher';
import type { SortField } from './sort';

export interface IndexPlan {
  index: IndexDefinition;
  /** Key ranges to read, in order; one document can stand in several. */
  ranges: { from: Buffer; to: Buffer }[];
  reverse: boolean;
  /** Does the index order already give the sort? */
  sorted: boolean;
  /** Do the ranges say all that the filter says? Then keys are enough to count. */
  covers: boolean;
  /** Is it one key of a unique index, and so one document at most? */
  isExact: boolean;
}

/** What a filter says of one field, as far as an index can use it. */
interface Bounds {
  equals: Value[] | null;
  above: { value: Value; inclusive: boolean } | null;
  below: { value: Value; inclusive: boolean } | null;
}

/** As many as a batch of the message path asks for: a hundred contacts of ten accounts. */
const mostPoints = 1_000;
const longestBound = 400;

/** The index that leaves the least to read, or null for a full scan. The filter is checked again on every document. */
export function choosePlan(
  indexes: IndexDefinition[],
  filter: Doc,
  sort: SortField[],
  hint: string | null,
): IndexPlan | null {
  const fields = boundsOf(filter);
  const plans = indexes
    .filter(
      (index) => (hint === null || index.name === hint) && !index.collation && isComplete(index, filter),
    )
    .map((index) => ({ plan: planFor(index, fields, sort, filter), index }))
    .filter(
      (one): one is { plan: { plan: IndexPlan; score: number }; index: IndexDefinition } => one.plan !== null,
    );
  plans.sort((a, b) => b.plan.score - a.plan.score);
  return plans[0]?.plan.plan ?? null;
}

/** A partial or sparse index may only answer a filter whose documents it all has. */
function isComplete(index: IndexDefinition, filter: Doc): boolean {
  if (index.isSparse && !index.fields.every(({ path }) => requiresValue(filter.get(path)))) return false;
  if (!index.partial) return true;
  return [...index.partial.filter].every(([path, condition]) => implies(filter.get(path), condition));
}

/** Null is also what is missing, and a sparse index does not have that. */
function requiresValue(given: Value | undefined): boolean {
  if (given === undefined || given === null) return false;
  if (!isOperators(given)) return true;
  if ((given.get('$in') as Value[] | undefined)?.includes(null)) return false;
  return ['$gt', '$gte', '$lt', '$lte', '$eq', '$in'].some(
    (operator) => given.has(operator) && given.get(operator) !== null,
  );
}

function implies(given: Value | undefined, condition: Value): boolean {
  if (given === undefined) return false;
  if (equal(given, condition)) return true;
  if (!isDoc(condition) || condition.size !== 1 || !condition.has('$type')) return false;
  const kind = condition.get('$type');
  const operand = isOperators(given)
    ? (given.get('$lte') ?? given.get('$lt') ?? given.get('$gt') ?? given.get('$gte') ?? given.get('$eq'))
    : given;
  if (kind === 'date')
    return operand instanceof Date || (isOperators(given) && given.get('$type') === 'date');
  return kind === 'string' && typeof operand === 'string';
}

function boundsOf(filter: Doc): Map<string, Bounds> {
  const fields = new Map<string, Bounds>();
  for (const [path, condition] of filter)
    if (!path.startsWith('$')) fields.set(path, boundsOfField(condition));
  const parts = filter.get('$and');
  if (Array.isArray(parts))
    for (const part of parts)
      if (isDoc(part))
        for (const [path, bounds] of boundsOf(part)) if (!fields.has(path)) fields.set(path, bounds);
  return fields;
}

function boundsOfField(condition: Value): Bounds {
  const bounds: Bounds = { equals: null, above: null, below: null };
  if (!isOperators(condition)) {
    if (isKeyable(condition)) bounds.equals = [condition];
    return bounds;
  }
  for (const [operator, operand] of condition) {
    if (operator === '$eq' && isKeyable(operand)) bounds.equals = [operand];
    if (
      operator === '$in' &&
      Array.isArray(operand) &&
      operand.length <= mostPoints &&
      operand.every(isKeyable)
    )
      bounds.equals = operand;
    if (operator === '$all' && Array.isArray(operand) && operand[0] !== undefined && isKeyable(operand[0]))
      bounds.equals = [operand[0]];
    if ((operator === '$gt' || operator === '$gte') && isRangeable(operand))
      bounds.above = { value: operand, inclusive: operator === '$gte' };
    if ((operator === '$lt' || operator === '$lte') && isRangeable(operand))
      bounds.below = { value: operand, inclusive: operator === '$lte' };
  }
  return bounds;
}

/** An array also equals an item of an array, which the index has under its parts. */
const isKeyable = (value: Value): boolean =>
  !Array.isArray(value) && !isOperators(value) && typeNumber(value) !== 11;
const rangeable = new Set([1, 2, 7, 9, 16, 18, 19]);
const isRangeable = (value: Value): boolean =>
  rangeable.has(typeNumber(value)) && !Number.isNaN(value) && keyPart(value).length < longestBound;

function planFor(
  index: IndexDefinition,
  fields: Map<string, Bounds>,
  sort: SortField[],
  filter: Doc,
): { plan: IndexPlan; score: number } | null {
  if (!isOfUse(index, fields, sort)) return null;
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let used = 0;
  let isPoint = true;
  for (const { path, direction } of index.fields) {
    const equals = sharesArray(index, used) ? null : fields.get(path)?.equals;
    if (!equals || prefixes.length * equals.length > mostPoints) break;
    if (equals.length > 1) isPoint = false;
    const parts = uniqueKeys(equals.map((value) => keyPart(value, direction === -1, index.longestPart)));
    prefixes = prefixes.flatMap((prefix) => parts.map((part) => Buffer.concat([prefix, part])));
    used++;
  }
  const next = sharesArray(index, used) ? undefined : index.fields[used];
  const bounds = next && fields.get(next.path);
  const hasRange = Boolean(next && bounds && (bounds.above ?? bounds.below) && fitsIn(index, bounds));
  const order = orderOf(index, used, sort);
  const ranges = prefixes.map((prefix) =>
    next && bounds && hasRange
      ? rangeOf(prefix, index.isMultikey ? oneOf(bounds) : bounds, next.direction === -1)
      : { from: prefix, to: prefixEnd(prefix) },
  );
  const isWhole = !(index.isMultikey && hasRange);
  const sorted = sort.length > 0 && order !== null && isWhole && (isPoint || prefixes.length === 1);
  const isExact = index.isUnique && used === index.fields.length && prefixes.length === 1;
  const score = (isExact ? 1_000 : 0) + used * 10 + (hasRange ? 5 : 0) + (sorted ? 4 : 0);
  const usedPaths = index.fields.slice(0, hasRange ? used + 1 : used).map(({ path }) => path);
  const covers = !index.isMultikey && !index.partial && !index.isSparse && isSaidBy(filter, usedPaths);
  return {
    plan: { index, ranges, reverse: sorted && order === 'backwards', sorted, covers, isExact },
    score,
  };
}

/** A longer bound is not whole in the keys of an index of many fields. */
const fitsIn = ({ longestPart }: IndexDefinition, { above, below }: Bounds): boolean =>
  [above, below].every((bound) => !bound || keyPart(bound.value).length < longestBoundOf(longestPart));

/** What says nothing of its first field, and is not sorted by it, an index does not help. */
function isOfUse(index: IndexDefinition, fields: Map<string, Bounds>, sort: SortField[]): boolean {
  const bounds = fields.get(index.fields[0]?.path ?? '');
  return Boolean(bounds?.equals ?? bounds?.above ?? bounds?.below) || orderOf(index, 0, sort) !== null;
}

/** Only fields whose conditions a key range says whole. */
function isSaidBy(filter: Doc, paths: string[]): boolean {
  return [...filter].every(([path, condition]) => {
    if (!paths.includes(path)) return false;
    if (!isOperators(condition)) return isWholeInKey(condition);
    const operators = [...condition.keys()];
    if (operators.length === 1 && (operators[0] === '$eq' || operators[0] === '$in'))
      return [...condition.values()].flatMap((value) => value as Value[]).every(isWholeInKey);
    const [above, below] = [
      operators.filter((one) => /^\$gte?$/.test(one)),
      operators.filter((one) => /^\$lte?$/.test(one)),
    ];
    const isRange =
      above.length <= 1 && below.length <= 1 && above.length + below.length === operators.length;
    return isRange && [...condition.values()].every(isRangeable);
  });
}

const isWholeInKey = (value: Value): boolean =>
  isKeyable(value) && !isDoc(value) && keyPart(value).length < longestBound;

/** Of two fields of one array, different items may meet the two conditions, and no key has both. */
function sharesArray({ isMultikey, fields }: IndexDefinition, at: number): boolean {
  const head = (path: string | undefined) => path?.split('.')[0];
  return isMultikey && fields.slice(0, at).some(({ path }) => head(path) === head(fields[at]?.path));
}

function uniqueKeys(keys: Buffer[]): Buffer[] {
  return [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()].sort(Buffer.compare);
}

/** After the equal fields, the index must go on with the sort's fields, all one way. */
function orderOf(index: IndexDefinition, used: number, sort: SortField[]): 'forwards' | 'backwards' | null {
  if (sort.length === 0 || index.isShortened) return null;
  // An array that holds the equal item sorts by its least or greatest one.
  const equalPaths = new Set(index.isMultikey ? [] : index.fields.slice(0, used).map(({ path }) => path));
  const wanted = sort.filter(({ path }) => !equalPaths.has(path));
  const given = index.fields.slice(used, used + wanted.length);
  if (given.length < wanted.length) return null;
  if (
    wanted.every(({ path, direction }, at) => given[at]?.path === path && given[at]?.direction === direction)
  )
    return 'forwards';
  if (
    wanted.every(({ path, direction }, at) => given[at]?.path === path && given[at]?.direction === -direction)
  )
    return 'backwards';
  return null;
}

/** Where the field is an array, one item may satisfy the first bound and another the second: only one can be used. */
const oneOf = ({ equals, above, below }: Bounds): Bounds => ({ equals, above, below: above ? null : below });

/** The keys of one type between the bounds; turned over for a descending field. */
function rangeOf(
  prefix: Buffer,
  { above, below }: Bounds,
  descending: boolean,
): { from: Buffer; to: Buffer } {
  const [low, high] = descending ? [below, above] : [above, below];
  const key = (value: Value) => Buffer.concat([prefix, keyPart(value, descending)]);
  const sample = (low ?? high)?.value as Value;
  const typeByte = keyPart(sample, descending).subarray(0, 1);
  const wholeType = Buffer.concat([prefix, typeByte]);
  return {
    from: low ? (low.inclusive ? key(low.value) : prefixEnd(key(low.value))) : wholeType,
    to: high ? (high.inclusive ? prefixEnd(key(high.value)) : key(high.value)) : prefixEnd(wholeType),
  };
}
