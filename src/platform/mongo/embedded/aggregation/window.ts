import { compare } from '../bson/compare';
import { isDoc, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { compileAccumulator, isAccumulator } from '../expression/accumulators';
import { compileExpression } from '../expression/compile';
import { scopeOf, type Evaluate } from '../expression/scope';
import type { Environment } from '../query/environment';
import { Rows } from '../query/rows';
import { keyComparator, orderOf, parseSort, type Order, type SortField } from '../query/sort';
import type { Pulse } from '../storage/slices';
import { sortedFlow } from './basic';
import type { CompileStage, Flow } from './flow';
import { placed } from './unwind';
import { boundsOf } from './window-bounds';
import { rankFunctions, type Column, type Partition, type WindowFunction } from './window-functions';
import { accumulated } from './window-running';

export const $setWindowFields: CompileStage = (operand, { environment }) => {
  if (!isDoc(operand)) throw new StoreError(9, 'the $setWindowFields stage specification must be an object');
  const output = operand.get('output');
  if (!isDoc(output)) throw new StoreError(9, '$setWindowFields requires an output object');
  const sortBy = operand.get('sortBy');
  const sort = parseSort(isDoc(sortBy) ? sortBy : undefined);
  const by = compileExpression(operand.get('partitionBy') ?? null);
  const fields = [...output].map(([path, spec]): Field => ({
    path: path.split('.'),
    compute: compileWindow(spec, sort),
  }));
  const order = partitionOrder(by, sort, environment);
  return (flow) => windows(flow, { order, fields, sort, environment });
};

interface Field {
  path: string[];
  compute: WindowFunction;
}
interface Windows {
  /** The partition is the first part of a key. */
  order: Order;
  fields: Field[];
  sort: SortField[];
  environment: Environment;
}

function partitionOrder(by: Evaluate, sort: SortField[], environment: Environment): Order {
  const inside = orderOf(sort, environment.collate);
  const insideOf = keyComparator(sort, environment.collate);
  return {
    keyOf: (doc) => [by(scopeOf(doc, environment)) ?? null, ...inside.keyOf(doc)],
    compare: ([a = null, ...left], [b = null, ...right]) => compare(a, b) || insideOf(left, right),
  };
}

/** The documents of one partition after the other; those of the one at hand are held, or in a file. */
function* windows(flow: Flow, all: Windows): Generator<Doc | Pulse> {
  const { order, environment } = all;
  let rows = new Rows(environment.memory, '$setWindowFields');
  let partition: Value = null;
  try {
    for (const one of sortedFlow(flow, order, { memory: environment.memory })) {
      if (!one) {
        yield null;
        continue;
      }
      const [id = null] = one.key;
      if (rows.length > 0 && compare(partition, id) !== 0) {
        yield* computed(rows, all);
        rows.close();
        rows = new Rows(environment.memory, '$setWindowFields');
      }
      partition = id;
      yield* rows.add(one.doc);
    }
    yield* computed(rows, all);
  } finally {
    rows.close();
  }
}

const pulseEvery = 100;

function* computed(rows: Rows, { fields, sort, environment }: Windows): Generator<Doc | Pulse> {
  const partition: Partition = { rows, sort, environment };
  const columns = fields.map(({ path, compute }) => ({ path, column: compute(partition) }));
  for (let at = 0; at < rows.length; at++) {
    let doc = rows.get(at);
    for (const { path, column } of columns) {
      if (column.prepare) yield* column.prepare(at);
      doc = placed(doc, path, column.value(at));
    }
    yield doc;
    if (at % pulseEvery === pulseEvery - 1) yield null;
  }
}

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
  const accumulator = compileAccumulator(name, operand);
  const bounds = boundsOf(spec.get('window'), sort);
  return (partition): Column => accumulated(name, accumulator, { bounds: bounds(partition), partition });
}
