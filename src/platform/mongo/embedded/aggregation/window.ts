import { compare } from '../bson/compare';
import { keyText } from '../bson/key';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { add } from '../bson/arithmetic';
import { notSupported, StoreError } from '../error';
import { compileAccumulator, isAccumulator } from '../expression/accumulators';
import { compileExpression } from '../expression/compile';
import { shiftDate } from '../expression/dates';
import { scopeOf, type Scope } from '../expression/scope';
import type { Environment } from '../query/environment';
import { comparator, parseSort, sortValue, type SortField } from '../query/sort';
import { int } from '../commands/reply';
import { wholeStage, type CompileStage } from './flow';
import { placed } from './unwind';

/** The documents of one partition in their order. */
export interface Partition {
  docs: Doc[];
  scopes: Scope[];
  sort: SortField[];
  environment: Environment;
}
/** The value of one output field for each document of a partition. */
type WindowFunction = (partition: Partition) => (Value | undefined)[];

export const $setWindowFields: CompileStage = (operand, { environment }) => {
  if (!isDoc(operand)) throw new StoreError(9, 'the $setWindowFields stage specification must be an object');
  const output = operand.get('output');
  if (!isDoc(output)) throw new StoreError(9, '$setWindowFields requires an output object');
  const sortBy = operand.get('sortBy');
  const sort = parseSort(isDoc(sortBy) ? sortBy : undefined);
  const by = compileExpression(operand.get('partitionBy') ?? null);
  const fields = [...output].map(([path, spec]) => ({
    path: path.split('.'),
    compute: compileWindow(spec, sort),
  }));
  return wholeStage((docs) => partitionsOf(docs).flatMap(computed));

  function partitionsOf(docs: Doc[]): Doc[][] {
    const partitions = new Map<string, { id: Value; docs: Doc[] }>();
    for (const doc of docs) {
      const id = by(scopeOf(doc, environment)) ?? null;
      const key = keyText(id);
      const known = partitions.get(key) ?? { id, docs: [] };
      known.docs.push(doc);
      partitions.set(key, known);
    }
    return [...partitions.values()].sort((a, b) => compare(a.id, b.id)).map((partition) => partition.docs);
  }

  function computed(docs: Doc[]): Doc[] {
    if (sort.length > 0) docs.sort(comparator(sort, environment.collate));
    const partition = { docs, scopes: docs.map((doc) => scopeOf(doc, environment)), sort, environment };
    const columns = fields.map(({ path, compute }) => ({ path, values: compute(partition) }));
    return docs.map((doc, at) =>
      columns.reduce((made, { path, values }) => placed(made, path, values[at]), doc),
    );
  }
};

function compileWindow(spec: Value, sort: SortField[]): WindowFunction {
  if (!isDoc(spec)) throw new StoreError(9, 'the output of $setWindowFields must be an object');
  const operators = [...spec.keys()].filter((key) => key !== 'window');
  const [name = ''] = operators;
  if (operators.length !== 1) throw new StoreError(9, 'an output field must have one window function');
  const operand = spec.get(name) as Value;
  const rank = Object.hasOwn(rankFunctions, name) ? rankFunctions[name] : undefined;
  if (rank) return rank(operand);
  if (['$expMovingAvg', '$derivative', '$integral', '$covariancePop', '$covarianceSamp'].includes(name))
    throw notSupported(name);
  if (!isAccumulator(name)) throw new StoreError(9, `Unrecognized window function, ${name}`);
  const { input, start } = compileAccumulator(name, operand);
  const bounds = boundsOf(spec.get('window'), sort);
  return ({ scopes, docs, environment }) => {
    const inputs = scopes.map(input);
    return docs.map((_doc, at) => {
      const running = start(environment);
      const [from, to] = bounds(docs, at);
      for (let index = Math.max(0, from); index <= Math.min(docs.length - 1, to); index++)
        running.add(inputs[index]);
      return running.result();
    });
  };
}

/** First and last place of a document's window. */
type Bounds = (docs: Doc[], at: number) => [number, number];

function boundsOf(window: Value | undefined, sort: SortField[]): Bounds {
  if (window === undefined || (isDoc(window) && window.size === 0)) return (docs) => [0, docs.length - 1];
  if (!isDoc(window)) throw new StoreError(9, "'window' field must be an object");
  const documents = pairOf(window.get('documents'));
  if (documents) {
    const [from, to] = documents;
    return (docs, at) => [
      from === 'unbounded' ? 0 : at + numberOf(from),
      to === 'unbounded' ? docs.length - 1 : at + numberOf(to),
    ];
  }
  const range = pairOf(window.get('range'));
  if (!range) throw new StoreError(9, "'window' field must have 'documents' or 'range'");
  const [field] = sort;
  if (!field || sort.length > 1)
    throw new StoreError(5339902, 'Range-based window require sortBy a single field');
  return rangeBounds(range, window.get('unit'), field);
}

function rangeBounds(
  [from, to]: [Value, Value],
  unit: Value | undefined,
  { path, direction }: SortField,
): Bounds {
  return (docs, at) => {
    const value = (doc: Doc) => sortValue(doc, path, direction);
    const own = value(docs[at] as Doc);
    const low = from === 'unbounded' ? null : shifted(own, from, unit);
    const high = to === 'unbounded' ? null : shifted(own, to, unit);
    const first = low === null ? 0 : docs.findIndex((doc) => compare(value(doc), low) * direction >= 0);
    const last =
      high === null
        ? docs.length - 1
        : docs.findLastIndex((doc) => compare(value(doc), high) * direction <= 0);
    return first < 0 ? [1, 0] : [first, last];
  };
}

function shifted(value: Value, by: Value, unit: Value | undefined): Value {
  if (by === 'current') return value;
  if (value instanceof Date && typeof unit === 'string') return shiftDate(value, unit, by);
  if (isNumber(value) && isNumber(by)) return add(value, by) ?? toDouble(value) + toDouble(by);
  throw new StoreError(5429414, 'Invalid range: the sortBy field must be a number, or a date with a unit');
}

function pairOf(value: Value | undefined): [Value, Value] | null {
  if (value === undefined) return null;
  if (!Array.isArray(value) || value.length !== 2)
    throw new StoreError(9, 'Window bounds must be a 2-element array');
  return value as [Value, Value];
}
const numberOf = (bound: Value): number => (isNumber(bound) ? toDouble(bound) : 0);

const ranks =
  (count: (before: { ties: number; groups: number; at: number }) => number): (() => WindowFunction) =>
  () =>
  ({ docs, sort, environment }) => {
    const order = comparator(sort, environment.collate);
    let [ties, groups] = [0, 0];
    return docs.map((doc, at) => {
      if (at > 0 && order(docs[at - 1] as Doc, doc) !== 0) {
        ties = at;
        groups++;
      }
      return int(count({ ties, groups, at }));
    });
  };

const rankFunctions: Record<string, (operand: Value) => WindowFunction> = {
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
    return ({ scopes }) =>
      scopes.map((scope, at) =>
        scopes[at + by] ? (output(scopes[at + by] as Scope) ?? null) : missing(scope),
      );
  },
  $locf: (operand) => {
    const input = compileExpression(operand);
    return ({ scopes }) => {
      let last: Value = null;
      return scopes.map((scope) => (last = input(scope) ?? last));
    };
  },
  $linearFill: (operand) => {
    const input = compileExpression(operand);
    return ({ scopes, docs, sort: [field] }) => {
      if (!field) throw new StoreError(605001, '$linearFill requires a sortBy');
      return linear(
        scopes.map((scope) => input(scope) ?? null),
        docs.map((doc) => positionOf(sortValue(doc, field.path, 1))),
      );
    };
  },
};

const positionOf = (value: Value): number =>
  value instanceof Date ? value.getTime() : isNumber(value) ? toDouble(value) : NaN;

/** Between two known values, on the line that joins them. */
function linear(values: Value[], places: number[]): Value[] {
  const known = (value: Value | undefined): value is number => isNumber(value);
  return values.map((value, at) => {
    if (value !== null) return value;
    const before = values.findLastIndex((one, index) => index < at && known(one));
    const after = values.findIndex((one, index) => index > at && known(one));
    if (before < 0 || after < 0) return null;
    const [low, high] = [toDouble(values[before] as number), toDouble(values[after] as number)];
    const share =
      ((places[at] as number) - (places[before] as number)) /
      ((places[after] as number) - (places[before] as number));
    return low + (high - low) * share;
  });
}
