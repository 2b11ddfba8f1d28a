import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { int } from '../commands/reply';
import { StoreError } from '../error';
import { compileFilter } from '../query/matcher';
import type { Environment } from '../query/environment';
import { parseSort, type SortField } from '../query/sort';
import { Sorter } from '../query/sorter';
import { wholeStage, type CompileStage, type Stage } from './flow';

/** Stages that choose, order and count. */
export const basicStages: Record<string, CompileStage> = {
  $match: (operand, { environment }) => {
    if (!isDoc(operand)) throw new StoreError(15959, 'the match filter must be an expression in an object');
    const matches = compileFilter(operand, environment);
    return function* (flow) {
      for (const doc of flow) if (!doc || matches(doc)) yield doc;
    };
  },
  $sort: (operand, { environment }) => {
    if (!isDoc(operand)) throw new StoreError(15973, 'the $sort key specification must be an object');
    if (operand.size === 0) throw new StoreError(15976, '$sort stage must have at least one sort key');
    return sorting(parseSort(operand), environment);
  },
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
  $sample: (operand) => {
    const size = isDoc(operand) ? operand.get('size') : undefined;
    if (!isNumber(size))
      throw new StoreError(28745, 'the $sample stage specification must have a numeric size');
    const most = whole(size, 1, { code: 28747 });
    return wholeStage((docs) => shuffled(docs).slice(0, most));
  },
};

function sorting(fields: SortField[], environment: Environment): Stage {
  return function* (flow) {
    const sorter = new Sorter(fields, environment);
    let place = 0;
    try {
      for (const doc of flow) {
        if (doc) yield* sorter.add({ doc, place: place++ });
        else yield null;
      }
      for (const one of sorter.sorted()) yield one && one.doc;
    } finally {
      sorter.close();
    }
  };
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

function shuffled(docs: Doc[]): Doc[] {
  for (let at = docs.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [docs[at], docs[other]] = [docs[other] as Doc, docs[at] as Doc];
  }
  return docs;
}

function whole(value: Value, least: number, { code, zero = code }: { code: number; zero?: number }): number {
  const number = isNumber(value) ? toDouble(value) : NaN;
  if (Number.isInteger(number) && number >= least) return number;
  throw new StoreError(number === 0 ? zero : code, 'the value must be a whole number that fits');
}
