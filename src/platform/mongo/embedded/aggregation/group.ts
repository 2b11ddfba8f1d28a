import { compare } from '../bson/compare';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compileAccumulator, isAccumulator } from '../expression/accumulators';
import { compileExpression } from '../expression/compile';
import { scopeOf } from '../expression/scope';
import type { Environment } from '../query/environment';
import { int } from '../commands/reply';
import { wholeStage, type CompileStage, type Stage } from './flow';
import { grouping, resultOf, type Fields } from './grouping';

export const groupStages: Record<string, CompileStage> = {
  $group: (operand, { environment }) => {
    if (!isDoc(operand)) throw new StoreError(15947, "a group's fields must be specified in an object");
    const id = operand.get('_id');
    if (id === undefined) throw new StoreError(15955, 'a group specification must include an _id');
    const fields = accumulatorsOf([...operand].filter(([key]) => key !== '_id'));
    return grouping(compileExpression(id), fields, environment);
  },
  $sortByCount: (operand, { environment }) => {
    if (!(isDoc(operand) || (typeof operand === 'string' && operand.startsWith('$'))))
      throw new StoreError(
        40149,
        'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
      );
    const fields = accumulatorsOf([['count', new Map([['$sum', int(1)]])]]);
    const group = grouping(compileExpression(operand), fields, environment);
    const sort = wholeStage((docs) =>
      docs.sort((a, b) => compare(b.get('count') as Value, a.get('count') as Value)),
    );
    return (flow) => sort(group(flow));
  },
  $bucket: bucket,
  $bucketAuto: bucketAuto,
};

export function accumulatorsOf(entries: [string, Value][]): Fields {
  return entries.map(([name, spec]) => {
    if (name.includes('.')) throw new StoreError(40235, `The field name '${name}' cannot contain '.'`);
    if (name.startsWith('$'))
      throw new StoreError(40236, `The field name '${name}' cannot be an operator name`);
    const [operator] = isDoc(spec) ? spec.keys() : [];
    if (!isDoc(spec) || !operator?.startsWith('$'))
      throw new StoreError(40234, `The field '${name}' must be an accumulator object`);
    if (spec.size > 1) throw new StoreError(40238, `The field '${name}' must specify one accumulator`);
    if (!isAccumulator(operator)) throw new StoreError(15952, `unknown group operator '${operator}'`);
    return { name, accumulator: compileAccumulator(operator, spec.get(operator) as Value) };
  });
}

const countOnly = (): Fields => accumulatorsOf([['count', new Map([['$sum', int(1)]])]]);
const outputOf = (operand: Doc): Fields => {
  const output = operand.get('output');
  if (output === undefined) return countOnly();
  if (!isDoc(output)) throw new StoreError(40196, "The 'output' field must be an object");
  return accumulatorsOf([...output]);
};

/** Lower bounds are inside, upper ones outside; `default` takes the rest. */
function bucket(operand: Value, { environment }: { environment: Environment }): Stage {
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
  const sort = wholeStage((docs) =>
    docs.sort((a, b) => compare(a.get('_id') as Value, b.get('_id') as Value)),
  );
  return (flow) => sort(group(flow));
}

/** Buckets of about the same number of documents; equal values stay together. */
function bucketAuto(operand: Value, { environment }: { environment: Environment }): Stage {
  const count = isDoc(operand) ? operand.get('buckets') : undefined;
  if (!isDoc(operand) || !operand.has('groupBy') || !isNumber(count))
    throw new StoreError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
  const buckets = toDouble(count);
  if (!Number.isInteger(buckets) || buckets < 1)
    throw new StoreError(40243, "The $bucketAuto 'buckets' field must be greater than 0");
  const by = compileExpression(operand.get('groupBy') as Value);
  const fields = outputOf(operand);
  return wholeStage((docs) => {
    const sorted = docs
      .map((doc) => ({ doc, value: by(scopeOf(doc, environment)) ?? null }))
      .sort((a, b) => compare(a.value, b.value));
    const size = Math.max(1, Math.round(sorted.length / buckets));
    const made: Doc[] = [];
    for (let from = 0; from < sorted.length;) {
      let to = made.length === buckets - 1 ? sorted.length : Math.min(sorted.length, from + size);
      while (to < sorted.length && compare(sorted[to - 1]?.value as Value, sorted[to]?.value as Value) === 0)
        to++;
      const running = fields.map(({ accumulator }) => accumulator.start(environment));
      for (const { doc } of sorted.slice(from, to))
        fields.forEach(({ accumulator }, at) =>
          running[at]?.add(accumulator.input(scopeOf(doc, environment))),
        );
      const id = new Map<string, Value>([
        ['min', sorted[from]?.value as Value],
        ['max', (sorted[to] ?? sorted[to - 1])?.value as Value],
      ]);
      made.push(resultOf({ id, running }, fields));
      from = to;
    }
    return made;
  });
}
