import { isDoc, isNumber, toDouble, type Value } from '../bson/value';
import { int } from '../commands/reply';
import { StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { scopeOf } from '../expression/scope';
import type { Environment } from '../query/environment';
import type { Rows } from '../query/rows';
import { keyComparator, sortKey, sortValue, type SortField } from '../query/sort';
import type { Pulse } from '../storage/slices';

/** The documents of one partition in their order. */
export interface Partition {
  rows: Rows;
  sort: SortField[];
  environment: Environment;
}
/** The values of one output field. Asked for one document after the other. */
export interface Column {
  /** Reads, in turns, what must be known before the value is. */
  prepare?(place: number): Generator<Pulse, void>;
  value(place: number): Value | undefined;
}
export type WindowFunction = (partition: Partition) => Column;

export const numberOf = (bound: Value): number => (isNumber(bound) ? toDouble(bound) : 0);

const ranks =
  (count: (before: { ties: number; groups: number; at: number }) => number): (() => WindowFunction) =>
  () =>
  ({ rows, sort, environment: { collate } }) => {
    const order = keyComparator(sort, collate);
    let [ties, groups] = [0, 0];
    let before: Value[] | null = null;
    return {
      value(at) {
        const key = sortKey(rows.get(at), sort, collate);
        if (before && order(before, key) !== 0) {
          ties = at;
          groups++;
        }
        before = key;
        return int(count({ ties, groups, at }));
      },
    };
  };

export const rankFunctions: Record<string, (operand: Value) => WindowFunction> = {
  $documentNumber: ranks(({ at }) => at + 1),
  $rank: ranks(({ ties }) => ties + 1),
  $denseRank: ranks(({ groups }) => groups + 1),
  $shift: (operand) => {
    if (!isDoc(operand) || !operand.has('output') || !operand.has('by'))
      throw new StoreError(9, '$shift requires output and by');
    const [output, missing] = [
      compileExpression(operand.get('output') as Value),
      compileExpression(operand.get('default') ?? null),
    ];
    const by = numberOf(operand.get('by') as Value);
    return ({ rows, environment }) => ({
      value(at) {
        const other = at + by;
        return other >= 0 && other < rows.length
          ? (output(scopeOf(rows.get(other), environment)) ?? null)
          : missing(scopeOf(rows.get(at), environment));
      },
    });
  },
  $locf: (operand) => {
    const input = compileExpression(operand);
    return ({ rows, environment }) => {
      let last: Value = null;
      return { value: (at) => (last = input(scopeOf(rows.get(at), environment)) ?? last) };
    };
  },
  $linearFill: (operand) => {
    const input = compileExpression(operand);
    return (partition) => {
      const [field] = partition.sort;
      if (!field) throw new StoreError(605001, '$linearFill requires a sortBy');
      return new LinearFill(partition, {
        valueAt: (at) => input(scopeOf(partition.rows.get(at), partition.environment)) ?? null,
        placeAt: (at) => positionOf(sortValue(partition.rows.get(at), field.path, 1)),
      });
    };
  },
};

const positionOf = (value: Value): number =>
  value instanceof Date ? value.getTime() : isNumber(value) ? toDouble(value) : NaN;

interface Points {
  valueAt(at: number): Value;
  placeAt(at: number): number;
}
interface Point {
  at: number;
  value: number;
}
const pulseEvery = 100;

/** Between two known values, on the line that joins them. */
class LinearFill implements Column {
  private before: Point | null = null;
  private after: Point | null = null;

  constructor(
    private readonly partition: Partition,
    private readonly points: Points,
  ) {}

  *prepare(at: number): Generator<Pulse, void> {
    if (this.points.valueAt(at) !== null || (this.after && this.after.at > at)) return;
    this.after = null;
    for (let next = at + 1; next < this.partition.rows.length && !this.after; next++) {
      this.after = this.pointAt(next);
      if (next % pulseEvery === 0) yield null;
    }
    this.after ??= { at: Infinity, value: NaN };
  }

  value(at: number): Value {
    const own = this.points.valueAt(at);
    if (own !== null) {
      this.before = this.pointAt(at) ?? this.before;
      return own;
    }
    const { before, after } = this;
    if (!before || !after || after.at === Infinity) return null;
    const [from, to] = [this.points.placeAt(before.at), this.points.placeAt(after.at)];
    return before.value + (after.value - before.value) * ((this.points.placeAt(at) - from) / (to - from));
  }

  private pointAt(at: number): Point | null {
    const value = this.points.valueAt(at);
    return isNumber(value) ? { at, value: toDouble(value) } : null;
  }
}
