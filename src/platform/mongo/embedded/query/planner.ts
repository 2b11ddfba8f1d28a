import { equal } from '../bson/compare';
import { keyPart, longestBoundOf } from '../bson/key';
import { isDoc, isNumber, type Doc, type Value } from '../bson/value';
import type { IndexDefinition, IndexField } from '../storage/index-definition';
import { prefixEnd } from '../storage/table';
import { boundsUnder } from './bounds-under';
import type { Collation } from './collation';
import { boundsOf, isKeyable, isRangeable, longestBound, mostPoints, type Bounds } from './bounds';
import { isOperators } from './matcher';
import type { SortField } from './sort';

/** Keys of an index from one, without the end. They share their first bytes, which the filter fixes. */
export interface KeyRange {
  from: Buffer;
  to: Buffer;
  /** How many first bytes they share. */
  shared: number;
}

export interface IndexPlan {
  index: IndexDefinition;
  /** One document can stand in several. */
  ranges: KeyRange[];
  /**
   * How several ranges are read: one after the other; side by side, so that together they give the order of the sort;
   * or only what stands in each of them.
   */
  reading: 'in turn' | 'merged' | 'common';
  reverse: boolean;
  /** Does this already give the sort? */
  sorted: boolean;
  /** Do the ranges say all that the filter says? Then keys are enough to count. */
  covers: boolean;
  /** Is it one key of a unique index, and so one document at most? */
  isExact: boolean;
}

/** So many ranges are read side by side: each has its place in the index looked up. */
const mostMerged = 500;

interface Scored {
  plan: IndexPlan;
  score: number;
}

/** What plans are made for. */
interface Wanted {
  filter: Doc;
  sort: SortField[];
  /** The name of the only index that may be used. */
  hint: string | null;
  /** Is less asked for than may match? */
  isLimited: boolean;
  collation: Collation | null;
}

/**
 * The plans that by their form leave the least to read, as good as each other for all that a filter tells; none means a
 * full scan. Where the first of a sort are wanted and the best must read all that match, the best that gives the order
 * comes before it. The filter is checked again on every document.
 */
export function bestPlans(indexes: IndexDefinition[], wanted: Wanted): IndexPlan[] {
  const { filter, sort, hint, isLimited, collation } = wanted;
  const one = planById(indexes, wanted);
  if (one) return [one];
  const fields = boundsOf(filter);
  const plans = indexes
    .filter((index) => (hint === null || index.name === hint) && isComplete(index, filter, collation))
    .map((index) => {
      const { fields: usable, isLess, sortsTexts } = boundsUnder(collation, index, fields);
      const order = sortsTexts ? sort : [];
      return planFor(index, { fields: usable, sort: order, filter: isLess ? null : filter });
    })
    .filter((one): one is Scored => one !== null);
  const best = bestOf(plans);
  const mustEnd = best.some(({ plan }) => !plan.sorted && !plan.isExact) && sort.length > 0;
  const sorted = isLimited && mustEnd ? bestOf(plans.filter(({ plan }) => plan.sorted)) : [];
  return [...sorted, ...best].map(({ plan }) => plan);
}

/** One document by its id: no other index needs to be asked. */
function planById(indexes: IndexDefinition[], { filter, sort, hint, collation }: Wanted): IndexPlan | null {
  const id = filter.get('_id');
  if (hint !== null || collation || id === undefined || isOperators(id) || !isKeyable(id)) return null;
  const index = indexes.find(({ name, collation }) => name === '_id_' && !collation);
  const fields = boundsOf(new Map([['_id', id]]));
  const plan = index && planFor(index, { fields, sort, filter })?.plan;
  return plan?.isExact ? plan : null;
}

function bestOf(plans: Scored[]): Scored[] {
  const best = Math.max(...plans.map(({ score }) => score));
  return plans.filter(({ score }) => score === best);
}

/** A partial or sparse index may only answer a filter whose documents it all has. */
function isComplete(index: IndexDefinition, filter: Doc, collation: Collation | null): boolean {
  if (index.isSparse && !index.fields.every(({ path }) => requiresValue(filter.get(path)))) return false;
  if (!index.partial) return true;
  // What it has was chosen without a collation.
  if (collation) return false;
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

interface Asked {
  fields: Map<string, Bounds>;
  sort: SortField[];
  /** Null: the ranges do not say all of it. */
  filter: Doc | null;
}

function planFor(index: IndexDefinition, { fields, sort, filter }: Asked): Scored | null {
  if (!isOfUse(index, fields, sort)) return null;
  const { prefixes, fixed, used, isCommon } = prefixesOf(index, fields);
  const next = sharesArray(index, used) ? undefined : index.fields[used];
  const bounds = next && fields.get(next.path);
  const hasRange = Boolean(next && bounds && (bounds.above ?? bounds.below) && fitsIn(index, bounds));
  const isOfItems = Boolean(next && index.multikeyPaths.has(next.path));
  const ranges = prefixes.map((prefix) =>
    next && bounds && hasRange
      ? rangeOf(prefix, isOfItems ? oneOf(bounds) : bounds, next.direction === -1)
      : { from: prefix, to: prefixEnd(prefix), shared: prefix.length },
  );
  const order = orderOf(index, used, sort, fixed);
  // Of an array's items a range has some, and the order is that of all.
  const isWhole = !(isOfItems && hasRange);
  const sorted = order !== null && isWhole && (isCommon || ranges.length <= mostMerged);
  const isExact = index.isUnique && used === index.fields.length && ranges.length === 1;
  const score = (isExact ? 1_000 : 0) + used * 10 + (hasRange ? 5 : 0) + (sorted ? 4 : 0);
  const usedPaths = index.fields.slice(0, hasRange ? used + 1 : used).map(({ path }) => path);
  const isPlain = !index.isMultikey && !index.isSparse;
  const covers = isPlain && filter !== null && isSaidBy(withoutPartial(index, filter), usedPaths);
  const reading = isCommon ? 'common' : sorted && ranges.length > 1 ? 'merged' : 'in turn';
  const reverse = sorted && order === 'backwards';
  return { plan: { index, ranges, reading, reverse, sorted, covers, isExact }, score };
}

interface Prefixes {
  prefixes: Buffer[];
  /** How many fields of the index they are made of. */
  used: number;
  /** The fields that have one value, in every document under them. */
  fixed: Set<string>;
  /** Does a document that matches stand under all of them? */
  isCommon: boolean;
}

/** What the keys begin with, as far as the filter fixes one field of the index after the other. */
function prefixesOf(index: IndexDefinition, fields: Map<string, Bounds>): Prefixes {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let isCommon = false;
  let used = 0;
  const fixed = new Set<string>();
  for (const field of index.fields) {
    const bounds = sharesArray(index, used) ? undefined : fields.get(field.path);
    const values = bounds?.equals ?? bounds?.all;
    if (!values) break;
    const isOfAll = !bounds?.equals;
    const canBeCommon = prefixes.length === 1 && !sharesArray(index, used, 'with a later one');
    const parts = partsOf(values, field, index.longestPart).slice(0, isOfAll && !canBeCommon ? 1 : undefined);
    if (prefixes.length * parts.length > mostPoints || (isCommon && parts.length !== 1)) break;
    prefixes = prefixes.flatMap((prefix) => parts.map((part) => Buffer.concat([prefix, part])));
    isCommon ||= isOfAll && parts.length > 1;
    // An array that holds the equal item sorts by its least or greatest one.
    if (parts.length === 1 && !index.multikeyPaths.has(field.path)) fixed.add(field.path);
    used++;
  }
  return { prefixes, used, fixed, isCommon };
}

/** The keys of some values, each once, in order. */
function partsOf(values: Value[], { direction }: IndexField, longestPart: number): Buffer[] {
  const keys = values.map((value) => keyPart(value, direction === -1, longestPart));
  return [...new Map(keys.map((key) => [key.toString('latin1'), key])).values()].sort(Buffer.compare);
}

/** A longer bound is not whole in the keys of an index of many fields. */
const fitsIn = ({ longestPart }: IndexDefinition, { above, below }: Bounds): boolean =>
  [above, below].every((bound) => !bound || keyPart(bound.value).length < longestBoundOf(longestPart));

/** What says nothing of its first field, and is not sorted by it, an index does not help. */
function isOfUse(index: IndexDefinition, fields: Map<string, Bounds>, sort: SortField[]): boolean {
  const bounds = fields.get(index.fields[0]?.path ?? '');
  return (
    Boolean(bounds?.equals ?? bounds?.all ?? bounds?.above ?? bounds?.below) ||
    orderOf(index, 0, sort) !== null
  );
}

/** What a partial index says by itself: what a filter says in its very words. */
function withoutPartial({ partial }: IndexDefinition, filter: Doc): Doc {
  if (!partial) return filter;
  const isSaid = ([path, condition]: [string, Value]) => {
    const own = partial.filter.get(path);
    return own !== undefined && equal(condition, own);
  };
  return new Map([...filter].filter((entry) => !isSaid(entry)));
}

/**
 * Only fields whose conditions a key range says whole. Null is also the key of a field that items of an array lack, or
 * that it has no items for, and those need not match.
 */
function isSaidBy(filter: Doc, paths: string[]): boolean {
  return [...filter].every(([path, condition]) => {
    if (!paths.includes(path)) return false;
    const isTold = (value: Value) => isWholeInKey(value) && !(value === null && path.includes('.'));
    if (!isOperators(condition)) return isTold(condition);
    const operators = [...condition.keys()];
    if (operators.length === 1 && (operators[0] === '$eq' || operators[0] === '$in'))
      return [...condition.values()].flatMap((value) => value as Value[]).every(isTold);
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
function sharesArray(
  { isMultikey, fields }: IndexDefinition,
  at: number,
  other?: 'with a later one',
): boolean {
  const others = other ? fields.slice(at + 1) : fields.slice(0, at);
  return isMultikey && others.some(({ path }) => head(path) === head(fields[at]?.path));
}

const head = (path: string | undefined) => path?.split('.')[0];

/** What the first fields fix chooses items of an array: their other fields are not in the order of all items. */
const isOfChosenItems = ({ multikeyPaths, fields }: IndexDefinition, used: number, path: string): boolean =>
  multikeyPaths.has(path) && fields.slice(0, used).some((one) => head(one.path) === head(path));

/** After its first fields, the index must go on with the sort's fields, all one way; what is fixed sorts nothing. */
function orderOf(
  index: IndexDefinition,
  used: number,
  sort: SortField[],
  fixed: ReadonlySet<string> = new Set(),
): 'forwards' | 'backwards' | null {
  if (sort.length === 0 || index.isShortened) return null;
  const wanted = sort.filter(({ path }) => !fixed.has(path));
  const given = index.fields.slice(used, used + wanted.length);
  if (given.length < wanted.length || given.some(({ path }) => isOfChosenItems(index, used, path)))
    return null;
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
const oneOf = (bounds: Bounds): Bounds => ({ ...bounds, below: bounds.above ? null : bounds.below });

/** The keys of one type between the bounds, none when these are of two; turned over for a descending field. */
function rangeOf(prefix: Buffer, bounds: Bounds, descending: boolean): KeyRange {
  const { below } = bounds;
  // NaN stands before all other numbers, and is not less than any.
  const above = bounds.above ?? (isNumber(below?.value) ? { value: -Infinity, inclusive: true } : null);
  const [low, high] = descending ? [below, above] : [above, below];
  const key = (value: Value) => Buffer.concat([prefix, keyPart(value, descending)]);
  const [typeByte, other] = [low ?? high, high ?? low].map((bound) =>
    keyPart(bound?.value as Value, descending).subarray(0, 1),
  ) as [Buffer, Buffer];
  if (!typeByte.equals(other)) return { from: prefix, to: prefix, shared: prefix.length };
  const wholeType = Buffer.concat([prefix, typeByte]);
  return {
    from: low ? (low.inclusive ? key(low.value) : prefixEnd(key(low.value))) : wholeType,
    to: high ? (high.inclusive ? prefixEnd(key(high.value)) : key(high.value)) : prefixEnd(wholeType),
    shared: prefix.length,
  };
}
