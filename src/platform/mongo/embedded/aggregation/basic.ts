import { isDoc, isNumber, toDouble, type Value } from '../bson/value';
import { int } from '../commands/reply';
import { StoreError } from '../error';
import { compileFilter } from '../query/matcher';
import type { Memory } from '../query/memory';
import { orderOf, parseSort, type Order } from '../query/sort';
import { Sorter, type Sorted } from '../query/sorter';
import type { Pulse } from '../storage/slices';
import type { CompileStage, Flow, PipelineContext, Stage } from './flow';

/** Stages that choose, order and count. */
export const basicStages: Record<string, CompileStage> = {
  $match: (operand, { environment }) => {
    if (!isDoc(operand)) throw new StoreError(15959, 'the match filter must be an expression in an object');
    const matches = compileFilter(operand, environment);
    return function* (flow) {
      for (const doc of flow) if (!doc || matches(doc)) yield doc;
    };
  },
  $sort: (operand, context) => compileSort(operand, context),
  $skip: (operand) => {
    const skip = whole(operand, 0, { code: 5107200 });
    return function* (flow) {
      let seen = 0;
      for (const doc of flow) if (!doc || seen++ >= skip) yield doc;
    };
  },
  $limit: (operand) => limited(whole(operand, 1, { code: 5107201, zero: 15958 })),
  $count: (operand) => {
    if (typeof operand !== 'string' || operand === '' || operand.startsWith('$') || operand.includes('.'))
      throw new StoreError(40156, 'the count field must be a non-empty string');
    return function* (flow) {
      let count = 0;
      for (const doc of flow)
        if (doc) count++;
        else yield null;
      if (count > 0) yield new Map([[operand, int(count)]]);
    };
  },
  $sample: (operand, { environment }) => {
    const size = isDoc(operand) ? operand.get('size') : undefined;
    if (!isNumber(size))
      throw new StoreError(28745, 'the $sample stage specification must have a numeric size');
    const most = whole(size, 1, { code: 28747 });
    return sorting(
      { keyOf: () => [], compare: () => 0 },
      { memory: environment.memory, most, placeOf: Math.random },
    );
  },
};

/** `most`: how many of the first ones are wanted by what follows. */
export function compileSort(operand: Value, { environment }: PipelineContext, most = Infinity): Stage {
  if (!isDoc(operand)) throw new StoreError(15973, 'the $sort key specification must be an object');
  if (operand.size === 0) throw new StoreError(15976, '$sort stage must have at least one sort key');
  return sorting(orderOf(parseSort(operand), environment.collate), { memory: environment.memory, most });
}

interface Sorting {
  memory: Memory;
  most?: number;
  /** Which of equal ones is first: by default the one that came first. */
  placeOf?: (count: number) => number;
}

export function sorting(order: Order, options: Sorting): Stage {
  return function* (flow) {
    for (const one of sortedFlow(flow, order, options)) yield one && one.doc;
  };
}

/** The documents of a flow in order, with their keys. */
export function* sortedFlow(
  flow: Flow,
  order: Order,
  { memory, most, placeOf = (count) => count }: Sorting,
): Generator<Sorted | Pulse> {
  const sorter = new Sorter(order, memory, most);
  let count = 0;
  try {
    for (const doc of flow) {
      if (doc) yield* sorter.add({ doc, place: placeOf(count++) });
      else yield null;
    }
    yield* sorter.sorted();
  } finally {
    sorter.close();
  }
}

export function limited(most: number): Stage {
  return function* (flow) {
    let given = 0;
    for (const doc of flow) {
      yield doc;
      if (doc && ++given >= most) return;
    }
  };
}

function whole(value: Value, least: number, { code, zero = code }: { code: number; zero?: number }): number {
  const number = isNumber(value) ? toDouble(value) : NaN;
  if (Number.isInteger(number) && number >= least) return number;
  throw new StoreError(number === 0 ? zero : code, 'the value must be a whole number that fits');
}
