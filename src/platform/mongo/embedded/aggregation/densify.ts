import { sum, type Numeric } from '../bson/arithmetic';
import { compare } from '../bson/compare';
import { keyText } from '../bson/key';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { shiftDate } from '../expression/dates';
import { follow } from '../expression/path';
import type { Order } from '../query/sort';
import type { Pulse } from '../storage/slices';
import { sortedFlow } from './basic';
import type { CompileStage, Flow } from './flow';
import { placed } from './unwind';

const mostMade = 500_000;
const pulseEvery = 100;

interface Densify {
  keys: string[];
  /** The fields of which each set of values has its own range. */
  paths: string[][];
  step: Numeric;
  /** Of a step between dates. */
  unit: Value | undefined;
  bounds: Value | undefined;
}

/**
 * Documents for the steps of a range at which there are none. They are sorted, in a file where they are many, and what
 * is missing between two is made when its turn comes.
 */
export const $densify: CompileStage = (operand, { environment: { memory } }) => {
  const densify = parse(operand);
  return function* (flow) {
    const extent = new Extent(densify, memory.limitBytes);
    let gap: Gap | null = null;
    let partition: Value = null;
    let made = 0;
    const counted = function* (missing: Iterable<Doc>): Generator<Doc | Pulse> {
      for (const doc of missing) {
        if (++made > mostMade)
          throw new StoreError(5897900, `Generated more than ${mostMade} documents in $densify`);
        yield doc;
        if (made % pulseEvery === 0) yield null;
      }
    };
    for (const one of sortedFlow(extent.noting(flow), orderOf(extent), { memory })) {
      if (!one) {
        yield null;
        continue;
      }
      const [number = null, value = null] = one.key;
      if (number !== partition) {
        if (gap) yield* counted(gap.toEnd());
        gap = number === noPartition ? null : new Gap(densify, one.doc, extent.boundsFrom(value));
        partition = number;
      }
      if (gap) yield* counted(gap.before(value));
      yield one.doc;
    }
    if (gap) yield* counted(gap.toEnd());
  };
};

function parse(operand: Value): Densify {
  const range = isDoc(operand) ? operand.get('range') : undefined;
  const field = isDoc(operand) ? operand.get('field') : undefined;
  if (!isDoc(operand) || typeof field !== 'string' || !isDoc(range))
    throw new StoreError(40414, "$densify requires 'field' and 'range'");
  const [step, unit, bounds] = ['step', 'unit', 'bounds'].map((key) => range.get(key));
  if (!isNumber(step) || toDouble(step) <= 0)
    throw new StoreError(5733401, 'the step parameter in a range statement must be a positive number');
  const partitions = operand.get('partitionByFields');
  const paths = Array.isArray(partitions) ? partitions.map((path) => String(path).split('.')) : [];
  return { keys: field.split('.'), paths, step, unit, bounds };
}

/** The number of what has no value: it comes last, and nothing is made beside it. */
const noPartition = Infinity;

const orderOf = (extent: Extent): Order => ({
  keyOf: (doc) => extent.keyOf(doc),
  compare: ([a = null, x = null], [b = null, y = null]) => compare(a, b) || compare(x, y),
});

/** What there is: the partitions by number, in the order in which they came, and the ends of all values. */
class Extent {
  private readonly partitions = new Map<string, number>();
  private bytes = 0;
  private least: Value | undefined;
  private greatest: Value | undefined;

  constructor(
    private readonly densify: Densify,
    private readonly limitBytes: number,
  ) {}

  *noting(flow: Flow): Flow {
    for (const doc of flow) {
      const value = doc && this.valueOf(doc);
      if (value !== null && value !== undefined) {
        if (this.least === undefined || compare(value, this.least) < 0) this.least = value;
        if (this.greatest === undefined || compare(value, this.greatest) > 0) this.greatest = value;
      }
      yield doc;
    }
  }

  keyOf(doc: Doc): Value[] {
    const value = this.valueOf(doc);
    return value === undefined ? [noPartition, null] : [this.partitionOf(doc), value];
  }

  /** From, and to where that is known; of a partition it is its last document. */
  boundsFrom(first: Value): [Value, Value | null] {
    const { bounds } = this.densify;
    if (Array.isArray(bounds)) return [bounds[0] as Value, bounds[1] as Value];
    return bounds === 'partition' ? [first, null] : [this.least as Value, this.greatest as Value];
  }

  private valueOf(doc: Doc): Value | undefined {
    const value = follow(doc, this.densify.keys, 0);
    if (value === null || value === undefined) return undefined;
    if (this.densify.unit === undefined ? isNumber(value) : value instanceof Date) return value;
    throw new StoreError(5733201, 'Densify field type must be numeric, or a date where the step has a unit');
  }

  private partitionOf(doc: Doc): number {
    const key = keyText(this.densify.paths.map((path) => follow(doc, path, 0) ?? null));
    const known = this.partitions.get(key);
    if (known !== undefined) return known;
    this.bytes += key.length + 100;
    if (this.bytes > this.limitBytes)
      throw new StoreError(6007200, `$densify exceeded memory limit of ${this.limitBytes}`);
    this.partitions.set(key, this.partitions.size);
    return this.partitions.size - 1;
  }
}

/** Of one partition, what is still to be made. */
class Gap {
  private value: Value;
  private times = 0;
  private readonly shared: Doc;

  constructor(
    private readonly densify: Densify,
    first: Doc,
    private readonly bounds: [Value, Value | null],
  ) {
    this.value = bounds[0];
    this.shared = densify.paths.reduce<Doc>((doc, path) => {
      const value = follow(first, path, 0);
      return value === undefined ? doc : placed(doc, path, value);
    }, new Map());
  }

  /** What comes before a value that there is, which itself need not be made. */
  *before(known: Value): Generator<Doc> {
    while (compare(this.value, known) < 0 && this.isInside()) yield this.make();
    if (compare(this.value, known) === 0) this.advance();
  }

  *toEnd(): Generator<Doc> {
    if (this.bounds[1] !== null) while (this.isInside()) yield this.make();
  }

  private isInside(): boolean {
    const [, to] = this.bounds;
    return to === null || compare(this.value, to) < 0;
  }

  private make(): Doc {
    const doc = placed(this.shared, this.densify.keys, this.value);
    this.advance();
    return doc;
  }

  private advance(): void {
    const { step, unit } = this.densify;
    const [from] = this.bounds;
    this.times++;
    this.value =
      from instanceof Date
        ? shiftDate(from, String(unit), toDouble(step) * this.times)
        : sum(this.value as Numeric, step);
  }
}
