import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { CompileStage } from './flow';
import { compileShapingStage } from './shaping';
import { $setWindowFields } from './window';

/** Fills what is null or missing: by a value, by the last one, or on the line between two. */
export const $fill: CompileStage = (operand, context) => {
  const output = isDoc(operand) ? operand.get('output') : undefined;
  if (!isDoc(operand) || !isDoc(output)) throw new StoreError(40414, "$fill requires an 'output'");
  const windows: Doc = new Map();
  const values: Doc = new Map();
  for (const [path, spec] of output) {
    const method = isDoc(spec) ? spec.get('method') : undefined;
    if (method === 'locf') windows.set(path, new Map([['$locf', `$${path}`]]));
    else if (method === 'linear') windows.set(path, new Map([['$linearFill', `$${path}`]]));
    else if (isDoc(spec) && spec.has('value'))
      values.set(path, new Map([['$ifNull', [`$${path}`, spec.get('value') as Value]]]));
    else throw new StoreError(6050202, "Method must be either 'locf' or 'linear', or a value must be given");
  }
  const byFields = operand.get('partitionByFields');
  const partition: Value = Array.isArray(byFields)
    ? byFields.map((path) => `$${String(path)}`)
    : (operand.get('partitionBy') ?? null);
  const sortBy = operand.get('sortBy') ?? new Map<string, Value>();
  if (
    windows.size > 0 &&
    isDoc(sortBy) &&
    sortBy.size === 0 &&
    [...output.values()].some((spec) => isDoc(spec) && spec.get('method') === 'linear')
  )
    throw new StoreError(605001, '$linearFill must be specified with a top level sortBy expression');
  const window =
    windows.size > 0
      ? $setWindowFields(
          new Map<string, Value>([
            ['partitionBy', partition],
            ['sortBy', sortBy],
            ['output', windows],
          ]),
          context,
        )
      : null;
  const set = values.size > 0 ? compileShapingStage('$set', values, context.environment) : null;
  return function* (flow) {
    for (const doc of window ? window(flow) : flow) yield doc && set ? set(doc) : doc;
  };
};
