import { Int32 } from 'bson';
import { compare, equal } from '../bson/compare';
import { isDoc, isNumber, toDouble, type Value } from '../bson/value';
import { StoreError } from '../error';
import { comparator, parseSort } from '../query/sort';
import { isNothing, namedParts, overList, overNamed, overPresent, typeName, wholeNumber } from './operands';
import { withNames, type Operator, type Operators, type Scope } from './scope';
import { isTrue } from './truth';

const longestRange = 2_000_000;

export const arrayOperators: Operators = {
  $size: overList(1, 1, ([list]) => new Int32(array(list, '$size', 17124).length)),
  $isArray: overList(1, 1, ([value]) => Array.isArray(value)),
  $in: overList(2, 2, ([value, list], { environment }) =>
    array(list, '$in', 40081).some((item) => value !== undefined && equal(item, value, environment.collate)),
  ),
  $arrayElemAt: overPresent(2, 2, ([list, at]) =>
    array(list, '$arrayElemAt', 28689).at(
      wholeNumber(at, new StoreError(28690, "$arrayElemAt's second argument must be a whole number")),
    ),
  ),
  $first: overPresent(1, 1, ([list]) => array(list, '$first', 28689)[0]),
  $last: overPresent(1, 1, ([list]) => array(list, '$last', 28689).at(-1)),
  $concatArrays: overPresent(0, Infinity, (lists) =>
    lists.flatMap((list) => array(list, '$concatArrays', 28664)),
  ),
  $reverseArray: overPresent(1, 1, ([list]) => [...array(list, '$reverseArray', 34435)].reverse()),
  $slice: overPresent(2, 3, ([list, first, count]) =>
    slice(array(list, '$slice', 28724), first as Value, count),
  ),
  $range: overList(2, 3, ([from, to, step = new Int32(1)]) => {
    const [start, end, by] = [from, to, step].map((value) =>
      wholeNumber(value, new StoreError(34443, '$range takes whole numbers')),
    ) as [number, number, number];
    if (by === 0) throw new StoreError(34449, '$range requires a non-zero step value');
    if ((end - start) / by > longestRange) throw new StoreError(146, '$range would use too much memory');
    const items: Value[] = [];
    for (let value = start; by > 0 ? value < end : value > end; value += by) items.push(new Int32(value));
    return items;
  }),
  $indexOfArray: overList(2, 4, ([list, wanted, start, end], { environment }) => {
    if (isNothing(list)) return null;
    const items = array(list, '$indexOfArray', 40090);
    const [from, to] = [start, end].map((value) => (isNumber(value) ? toDouble(value) : undefined));
    for (let at = from ?? 0; at < Math.min(items.length, to ?? Infinity); at++)
      if (equal(items[at] as Value, wanted as Value, environment.collate)) return new Int32(at);
    return new Int32(-1);
  }),
  $filter: overItems('$filter', ['cond'], ['limit'], 28651, ({ items, parts, one, scope }) => {
    const kept: Value[] = [];
    const most = parts['limit']?.(scope);
    const limit = isNumber(most) ? toDouble(most) : Infinity;
    for (const item of items) if (kept.length < limit && isTrue(one('cond', item))) kept.push(item);
    return kept;
  }),
  $map: overItems('$map', ['in'], [], 16883, ({ items, one }) =>
    items.map((item) => one('in', item) ?? null),
  ),
  $reduce: (operand, compile) => {
    const parts = namedParts(operand, '$reduce', ['input', 'initialValue', 'in'], []);
    const [input, initial, step] = ['input', 'initialValue', 'in'].map((name) =>
      compile(parts.get(name) as Value),
    );
    return (scope) => {
      const list = input?.(scope);
      if (isNothing(list)) return null;
      return array(list, '$reduce', 40080).reduce<Value | undefined>(
        (value, item) =>
          step?.(
            withNames(scope, [
              ['value', value],
              ['this', item],
            ]),
          ),
        initial?.(scope),
      );
    };
  },
  $sortArray: (operand, compile) => {
    const parts = namedParts(operand, '$sortArray', ['input', 'sortBy'], []);
    const [input, sortBy] = [compile(parts.get('input') as Value), parts.get('sortBy') as Value];
    return (scope) => {
      const list = input(scope);
      if (isNothing(list)) return null;
      return [...array(list, '$sortArray', 2942504)].sort(itemOrder(sortBy, scope));
    };
  },
  $zip: overNamed(['inputs'], ['useLongestLength', 'defaults'], ({ inputs, useLongestLength, defaults }) => {
    if (!Array.isArray(inputs)) throw new StoreError(34461, '$zip inputs must be an array of expressions');
    if (inputs.some(isNothing)) return null;
    const lists = inputs.map((list) => array(list, '$zip', 34468));
    const lengths = lists.map((list) => list.length);
    const length =
      lengths.length === 0 ? 0 : useLongestLength === true ? Math.max(...lengths) : Math.min(...lengths);
    const fill = (at: number) => (Array.isArray(defaults) ? (defaults[at] ?? null) : null);
    return Array.from({ length }, (_unused, at) =>
      lists.map((list, which) => (at < list.length ? (list[at] as Value) : fill(which))),
    );
  }),
  $firstN: firstOf('$firstN', (items, n) => items.slice(0, n)),
  $lastN: firstOf('$lastN', (items, n) => items.slice(-n)),
  $maxN: firstOf('$maxN', (items, n, { environment }) =>
    present(items)
      .sort((a, b) => compare(b, a, environment.collate))
      .slice(0, n),
  ),
  $minN: firstOf('$minN', (items, n, { environment }) =>
    present(items)
      .sort((a, b) => compare(a, b, environment.collate))
      .slice(0, n),
  ),
};

const present = (items: Value[]): Value[] => items.filter((item) => item !== null);

export function array(value: Value | undefined, name: string, code: number): Value[] {
  if (Array.isArray(value)) return value;
  throw new StoreError(code, `The argument to ${name} must be an array, but was of type: ${typeName(value)}`);
}

function slice(list: Value[], first: Value, count: Value | undefined): Value[] {
  const at = wholeNumber(first, new StoreError(28726, '$slice takes whole numbers'));
  if (count === undefined) return at < 0 ? list.slice(at) : list.slice(0, at);
  const length = wholeNumber(count, new StoreError(28728, '$slice takes whole numbers'));
  if (length <= 0) throw new StoreError(28729, "Third argument to '$slice' must be positive");
  const start = at < 0 ? Math.max(0, list.length + at) : at;
  return list.slice(start, start + length);
}

/** By a direction for whole items, or by fields. */
function itemOrder(sortBy: Value, { environment }: Scope): (a: Value, b: Value) => number {
  if (!isDoc(sortBy)) {
    const direction = isNumber(sortBy) ? toDouble(sortBy) : NaN;
    if (direction !== 1 && direction !== -1)
      throw new StoreError(2942507, 'The $sortArray sortBy must be 1 or -1');
    return (a, b) => compare(a, b, environment.collate) * direction;
  }
  const order = comparator(parseSort(sortBy), environment.collate);
  return (a, b) => order(isDoc(a) ? a : new Map(), isDoc(b) ? b : new Map());
}

interface Items {
  items: Value[];
  parts: Record<string, (scope: Scope) => Value | undefined>;
  /** One of the parts, for one item. */
  one(part: string, item: Value): Value | undefined;
  scope: Scope;
}

/** Operators that go over `input`, calling each item `as`. */
function overItems(
  name: string,
  required: string[],
  optional: string[],
  code: number,
  apply: (items: Items) => Value,
): Operator {
  return (operand, compile) => {
    const parts = namedParts(operand, name, ['input', ...required], ['as', ...optional]);
    const as = parts.get('as') ?? 'this';
    if (typeof as !== 'string') throw new StoreError(9, `${name}'s as must be a name`);
    const each = Object.fromEntries(
      [...parts].filter(([key]) => key !== 'as').map(([key, part]) => [key, compile(part)]),
    );
    return (scope) => {
      const list = each['input']?.(scope);
      if (isNothing(list)) return null;
      const one = (part: string, item: Value) => each[part]?.(withNames(scope, [[as, item]]));
      return apply({ items: array(list, name, code), parts: each, one, scope });
    };
  };
}

function firstOf(name: string, take: (items: Value[], n: number, scope: Scope) => Value[]): Operator {
  return overNamed(['n', 'input'], [], ({ n, input }, scope) => {
    const count = wholeNumber(n, new StoreError(5787902, `Value for 'n' must be of integral type`));
    if (count <= 0) throw new StoreError(5787908, "'n' must be greater than 0");
    return take(array(input, name, 5788200), count, scope);
  });
}
