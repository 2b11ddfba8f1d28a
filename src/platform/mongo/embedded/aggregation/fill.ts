import { sum, type Numeric } from '../bson/arithmetic';
import { compare } from '../bson/compare';
import { keyText } from '../bson/key';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { shiftDate } from '../expression/dates';
import { follow } from '../expression/path';
import { wholeStage, type CompileStage } from './flow';
import { placed } from './unwind';
import { $setWindowFields } from './window';
import { compileShapingStage } from './shaping';

const mostMade = 500_000;

/** Documents for the steps of a range at which there are none. */
export const $densify: CompileStage = (operand) => {
  const range = isDoc(operand) ? operand.get('range') : undefined;
  const field = isDoc(operand) ? operand.get('field') : undefined;
  if (!isDoc(operand) || typeof field !== 'string' || !isDoc(range))
    throw new StoreError(40414, "$densify requires 'field' and 'range'");
  const [step, unit, bounds] = ['step', 'unit', 'bounds'].map((key) => range.get(key));
  if (!isNumber(step) || toDouble(step) <= 0)
    throw new StoreError(5733401, 'the step parameter in a range statement must be a positive number');
  const partitions = operand.get('partitionByFields');
  const paths = Array.isArray(partitions) ? partitions.map(String) : [];
  const keys = field.split('.');
  const next = (value: Value, times: number): Value =>
    value instanceof Date
      ? shiftDate(value, String(unit), toDouble(step) * times)
      : times === 1
        ? sum(value as Numeric, step)
        : value;

  return wholeStage((docs) => {
    const valued = docs.filter((doc) => valueOf(doc) !== undefined);
    const all = valued.map((doc) => valueOf(doc) as Value).sort(compare);
    return [...partitioned(valued)]
      .flatMap((part) => densified(part, boundsOf(part, all)))
      .concat(docs.filter((doc) => valueOf(doc) === undefined));
  });

  function valueOf(doc: Doc): Value | undefined {
    const value = follow(doc, keys, 0);
    return value === null ? undefined : value;
  }
  function* partitioned(docs: Doc[]): Generator<Doc[]> {
    const parts = new Map<string, Doc[]>();
    for (const doc of docs) {
      const key = keyText(paths.map((path) => follow(doc, path.split('.'), 0) ?? null));
      parts.set(key, [...(parts.get(key) ?? []), doc]);
    }
    yield* parts.values();
  }
  /** From, to, and whether the end itself is made. */
  function boundsOf(part: Doc[], all: Value[]): [Value, Value] {
    if (Array.isArray(bounds)) return bounds as [Value, Value];
    const values = bounds === 'partition' ? part.map((doc) => valueOf(doc) as Value).sort(compare) : all;
    return [values[0] as Value, values.at(-1) as Value];
  }
  function densified(part: Doc[], [from, to]: [Value, Value]): Doc[] {
    const sorted = [...part].sort((a, b) => compare(valueOf(a) as Value, valueOf(b) as Value));
    const known = new Set(sorted.map((doc) => keyText(valueOf(doc) as Value)));
    const shared = paths.reduce<Doc>((doc, path) => {
      const value = follow(sorted[0], path.split('.'), 0);
      return value === undefined ? doc : placed(doc, path.split('.'), value);
    }, new Map());
    const made: Doc[] = [];
    let value = from;
    for (let times = 1; compare(value, to) < 0; times++) {
      if (made.length > mostMade)
        throw new StoreError(5897900, 'Generated documents in $densify exceeded the limit');
      if (!known.has(keyText(value))) made.push(placed(shared, keys, value));
      value = value instanceof Date ? next(from, times) : next(value, 1);
    }
    return [...sorted, ...made].sort((a, b) => compare(valueOf(a) as Value, valueOf(b) as Value));
  }
};

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
