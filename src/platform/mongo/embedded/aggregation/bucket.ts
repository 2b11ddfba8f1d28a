import { compare } from '../bson/compare';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { int } from '../commands/reply';
import { StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { scopeOf } from '../expression/scope';
import type { Environment } from '../query/environment';
import type { Order } from '../query/sort';
import type { Sorted } from '../query/sorter';
import type { Pulse } from '../storage/slices';
import { sortedFlow, sorting } from './basic';
import type { CompileStage } from './flow';
import { accumulatorsOf, grouping, Lists, resultOf, startGroup, type Fields, type Group } from './grouping';

const countOnly = (): Fields => accumulatorsOf([['count', new Map([['$sum', int(1)]])]]);
const outputOf = (operand: Doc): Fields => {
  const output = operand.get('output');
  if (output === undefined) return countOnly();
  if (!isDoc(output)) throw new StoreError(40196, "The 'output' field must be an object");
  return accumulatorsOf([...output]);
};

/** By one value as it is: an array is not looked into. */
const byValue = (valueOf: (doc: Doc) => Value | undefined): Order => ({
  keyOf: (doc) => [valueOf(doc) ?? null],
  compare: ([a = null], [b = null]) => compare(a, b),
});

/** Lower bounds are inside, upper ones outside; `default` takes the rest. */
export const $bucket: CompileStage = (operand, { environment }) => {
  if (!isDoc(operand) || !operand.has('groupBy') || !operand.has('boundaries'))
    throw new StoreError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  const bounds = operand.get('boundaries');
  if (!Array.isArray(bounds)) throw new StoreError(40200, "The $bucket 'boundaries' field must be an array");
  if (bounds.length < 2)
    throw new StoreError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  if (bounds.some((bound, at) => at > 0 && compare(bounds[at - 1] as Value, bound) >= 0))
    throw new StoreError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order");
  const by = compileExpression(operand.get('groupBy') as Value);
  const rest = operand.get('default');
  const group = grouping(
    (scope) => {
      const value = by(scope);
      const at = value === undefined ? -1 : bounds.findLastIndex((bound) => compare(value, bound) >= 0);
      if (at >= 0 && at < bounds.length - 1) return bounds[at];
      if (rest !== undefined) return rest;
      throw new StoreError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    },
    outputOf(operand),
    environment,
  );
  const sort = sorting(
    byValue((doc) => doc.get('_id')),
    { memory: environment.memory },
  );
  return (flow) => sort(group(flow));
};

interface Buckets {
  most: number;
  /** About so many documents in each. */
  size: number;
  fields: Fields;
  environment: Environment;
}

/** Buckets of about the same number of documents; equal values stay together. */
export const $bucketAuto: CompileStage = (operand, { environment }) => {
  const count = isDoc(operand) ? operand.get('buckets') : undefined;
  if (!isDoc(operand) || !operand.has('groupBy') || !isNumber(count))
    throw new StoreError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
  const most = toDouble(count);
  if (!Number.isInteger(most) || most < 1)
    throw new StoreError(40243, "The $bucketAuto 'buckets' field must be greater than 0");
  const by = compileExpression(operand.get('groupBy') as Value);
  const fields = outputOf(operand);
  const order = byValue((doc) => by(scopeOf(doc, environment)));
  const { memory } = environment;
  return function* (flow) {
    let docs = 0;
    const counted = function* () {
      for (const doc of flow) {
        if (doc) docs++;
        yield doc;
      }
    };
    const sorted = sortedFlow(counted(), order, { memory });
    // Nothing is given before all are there: then their number is known.
    yield* inBuckets(sorted, () => ({
      most,
      size: Math.max(1, Math.round(docs / most)),
      fields,
      environment,
    }));
  };
};

interface Bucket extends Group {
  docs: number;
  last: Value;
}

function* inBuckets(sorted: Iterable<Sorted | Pulse>, settle: () => Buckets): Generator<Doc | Pulse> {
  let buckets: Buckets | null = null;
  let lists: Lists | null = null;
  let bucket: Bucket | null = null;
  let made = 0;
  for (const one of sorted) {
    if (!one) {
      yield null;
      continue;
    }
    const value = one.key[0] ?? null;
    buckets ??= settle();
    const { fields, environment } = buckets;
    lists ??= new Lists(fields, environment.memory.limitBytes);
    if (
      bucket &&
      bucket.docs >= buckets.size &&
      made < buckets.most - 1 &&
      compare(bucket.last, value) !== 0
    ) {
      yield closed(bucket, value, fields);
      made++;
      lists = new Lists(fields, environment.memory.limitBytes);
      bucket = null;
    }
    bucket ??= { ...startGroup(value, fields, environment), docs: 0, last: value };
    const scope = scopeOf(one.doc, environment);
    lists.add(
      bucket,
      fields.map(({ accumulator }) => accumulator.input(scope)),
    );
    bucket.docs++;
    bucket.last = value;
  }
  if (bucket && buckets) yield closed(bucket, bucket.last, buckets.fields);
}

const closed = ({ id, running }: Bucket, max: Value, fields: Fields): Doc =>
  resultOf(
    {
      id: new Map<string, Value>([
        ['min', id],
        ['max', max],
      ]),
      running,
    },
    fields,
  );
