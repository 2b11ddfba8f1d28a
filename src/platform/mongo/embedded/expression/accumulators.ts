import { Int32 } from 'bson';
import { divide, sum, type Numeric } from '../bson/arithmetic';
import { compare } from '../bson/compare';
import { keyText } from '../bson/key';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { Environment } from '../query/environment';
import { comparator, parseSort } from '../query/sort';
import { compileExpression } from './compile';
import { mergeObjects } from './objects';
import { isNothing, namedParts, wholeNumber } from './operands';
import type { Evaluate, Scope } from './scope';

/** Takes values one after the other, and knows the result at any time. */
export interface Running {
  add(value: Value | undefined): void;
  result(): Value;
}
/** What `$group` and windows do with the documents of one group. */
export interface Accumulator {
  input: Evaluate;
  start(environment: Environment): Running;
  /** Does it hold every value until the end? */
  holdsAll: boolean;
}

type Start = (environment: Environment) => Running;

/** Accumulators over one value of each document. */
export const simpleAccumulators: Record<string, Start> = {
  $sum: () => new Sum(),
  $avg: () => {
    const total = new Sum();
    return {
      add: (value) => total.add(value),
      result: () => (total.count === 0 ? null : divide(total.result(), total.count)),
    };
  },
  $min: ({ collate }) => extreme((value, best) => compare(value, best, collate) < 0),
  $max: ({ collate }) => extreme((value, best) => compare(value, best, collate) > 0),
  $first: () => {
    let first: Value | undefined;
    let isFirst = true;
    return {
      add(value) {
        if (isFirst) first = value;
        isFirst = false;
      },
      result: () => first ?? null,
    };
  },
  $last: () => {
    let last: Value | undefined;
    return { add: (value) => void (last = value), result: () => last ?? null };
  },
  $push: () => {
    const items: Value[] = [];
    return { add: (value) => void (value !== undefined && items.push(value)), result: () => [...items] };
  },
  $addToSet: () => {
    const items = new Map<string, Value>();
    return {
      add(value) {
        const key = value === undefined ? undefined : keyText(value);
        if (key !== undefined && !items.has(key)) items.set(key, value as Value);
      },
      result: () => [...items.values()],
    };
  },
  $mergeObjects: () => {
    const merged: Doc = new Map();
    return {
      add: (value) => mergeObjects([value]).forEach((item, key) => merged.set(key, item)),
      result: () => new Map(merged),
    };
  },
  $stdDevPop: () => deviation(0),
  $stdDevSamp: () => deviation(1),
};

/** While all are 32-bit integers, and their sum is one, it is a plain number. */
class Sum implements Running {
  count = 0;
  private ints = 0;
  private total: Numeric | null = null;

  add(value: Value | undefined): void {
    if (value instanceof Int32 && this.total === null) {
      this.count++;
      const next = this.ints + value.value;
      if (next === (next | 0)) this.ints = next;
      else this.total = BigInt(next);
    } else if (isNumber(value)) {
      this.count++;
      this.total = sum(this.result(), value);
    }
  }

  result(): Numeric {
    return this.total ?? new Int32(this.ints);
  }
}

function extreme(isBetter: (value: Value, best: Value) => boolean): Running {
  let best: Value | undefined;
  return {
    add: (value) =>
      void (!isNothing(value) && (best === undefined || isBetter(value, best)) && (best = value)),
    result: () => best ?? null,
  };
}

/** Welford's method: one pass, without cancellation. */
function deviation(less: 0 | 1): Running {
  let [count, mean, squares] = [0, 0, 0];
  return {
    add(value) {
      if (!isNumber(value)) return;
      const number = toDouble(value);
      const distance = number - mean;
      mean += distance / ++count;
      squares += distance * (number - mean);
    },
    result: () => (count - less <= 0 ? null : Math.sqrt(squares / (count - less))),
  };
}

/** Collects everything and decides at the end. */
function atEnd(decide: (values: Value[]) => Value): Running {
  const values: Value[] = [];
  return {
    add: (value) => void (value !== undefined && values.push(value)),
    result: () => decide(values),
  };
}

/** Of many values the few that are wanted: `choose` gives the same of all as of what it has chosen and what came later. */
function chosen(n: number, choose: (values: Value[]) => Value[]): { add: Running['add']; values(): Value[] } {
  let kept: Value[] = [];
  return {
    add(value) {
      kept.push(value ?? null);
      if (kept.length > n * 2 + 100) kept = choose(kept);
    },
    values: () => choose([...kept]),
  };
}

export function compileAccumulator(name: string, operand: Value): Accumulator {
  const simple = Object.hasOwn(simpleAccumulators, name) ? simpleAccumulators[name] : undefined;
  if (simple)
    return {
      input: compileExpression(operand),
      start: simple,
      holdsAll: name === '$push' || name === '$addToSet',
    };
  const special = Object.hasOwn(specialAccumulators, name) ? specialAccumulators[name] : undefined;
  if (!special) throw new StoreError(15952, `unknown group operator '${name}'`);
  return special(operand, name);
}

const counting: Start = () => {
  let count = 0;
  return { add: () => void count++, result: () => new Int32(count) };
};

const specialAccumulators: Record<string, (operand: Value, name: string) => Accumulator> = {
  $count: (operand) => {
    if (!isDoc(operand) || operand.size > 0)
      throw new StoreError(9, '$count takes no arguments, i.e. $count:{}');
    return { input: () => null, start: counting, holdsAll: false };
  },
  $firstN: several((values, n) => values.slice(0, n)),
  $lastN: several((values, n) => values.slice(-n)),
  $minN: several((values, n, { collate }) =>
    present(values)
      .sort((a, b) => compare(a, b, collate))
      .slice(0, n),
  ),
  $maxN: several((values, n, { collate }) =>
    present(values)
      .sort((a, b) => compare(b, a, collate))
      .slice(0, n),
  ),
  $top: ranked(1, true),
  $topN: ranked(1, false),
  $bottom: ranked(-1, true),
  $bottomN: ranked(-1, false),
  $percentile: (operand, name) => {
    const parts = namedParts(operand, name, ['input', 'p', 'method'], []);
    const wanted = constant(parts.get('p'));
    if (!Array.isArray(wanted))
      throw new StoreError(7750301, "The $percentile 'p' field must be an array of numbers");
    const shares = wanted.map((share) => (isNumber(share) ? toDouble(share) : NaN));
    if (shares.some((share) => !(share >= 0 && share <= 1)))
      throw new StoreError(7750303, "The $percentile 'p' field must be an array of numbers from [0.0, 1.0]");
    return {
      input: compileExpression(parts.get('input') as Value),
      start: () => atEnd((values) => shares.map((share) => percentile(values, share))),
      holdsAll: true,
    };
  },
  $median: (operand, name) => {
    const parts = namedParts(operand, name, ['input', 'method'], []);
    return {
      input: compileExpression(parts.get('input') as Value),
      start: () => atEnd((values) => percentile(values, 0.5)),
      holdsAll: true,
    };
  },
};

export const isAccumulator = (name: string): boolean =>
  Object.hasOwn(simpleAccumulators, name) || Object.hasOwn(specialAccumulators, name);

const present = (values: Value[]): Value[] => values.filter((value) => !isNothing(value));

function percentile(values: Value[], share: number): Value {
  const numbers = values
    .filter(isNumber)
    .map(toDouble)
    .sort((a, b) => a - b);
  return numbers.length === 0
    ? null
    : (numbers[Math.max(0, Math.ceil(share * numbers.length) - 1)] as number);
}

function several(take: (values: Value[], n: number, environment: Environment) => Value[]) {
  return (operand: Value, name: string): Accumulator => {
    const parts = namedParts(operand, name, ['input', 'n'], []);
    const n = positive(parts.get('n'));
    return {
      input: compileExpression(parts.get('input') as Value),
      start(environment) {
        const { add, values } = chosen(n, (all) => take(all, n, environment));
        return { add, result: values };
      },
      holdsAll: false,
    };
  };
}

const sortField = '0';

/** The output of the documents that come first in an order, or last. */
function ranked(direction: 1 | -1, isOne: boolean) {
  return (operand: Value, name: string): Accumulator => {
    const parts = namedParts(operand, name, isOne ? ['sortBy', 'output'] : ['n', 'sortBy', 'output'], []);
    const sortBy = parts.get('sortBy');
    if (!isDoc(sortBy)) throw new StoreError(10065, 'invalid parameter: expected an object (sortBy)');
    const fields = parseSort(sortBy);
    const n = isOne ? 1 : positive(parts.get('n'));
    const output = compileExpression(parts.get('output') as Value);
    return {
      holdsAll: false,
      input: (scope: Scope) =>
        new Map<string, Value>([
          [sortField, scope.root],
          ['1', output(scope) ?? null],
        ]),
      start({ collate }) {
        const order = comparator(fields, collate);
        const { add, values } = chosen(n, (pairs) => {
          const sorted = (pairs as Doc[]).sort((a, b) =>
            order(a.get(sortField) as Doc, b.get(sortField) as Doc),
          );
          return direction === 1 ? sorted.slice(0, n) : sorted.slice(-n);
        });
        const outputs = () => values().map((pair) => (pair as Doc).get('1') as Value);
        return { add, result: () => (isOne ? (outputs()[0] ?? null) : outputs()) };
      },
    };
  };
}

function positive(value: Value | undefined): number {
  const n = wholeNumber(constant(value), new StoreError(5787902, "Value for 'n' must be of integral type"));
  if (n <= 0) throw new StoreError(5787908, "'n' must be greater than 0");
  return n;
}

const constant = (value: Value | undefined): Value | undefined =>
  isDoc(value) && value.has('$literal') ? value.get('$literal') : value;
