import { keyText } from '../bson/key';
import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import {
  compileAccumulator,
  isAccumulator,
  type Accumulator,
  type Running,
} from '../expression/accumulators';
import { scopeOf, type Evaluate } from '../expression/scope';
import { folded } from '../query/collation';
import type { Environment } from '../query/environment';
import { weigh } from '../query/memory';
import { ScratchFile } from '../query/scratch-file';
import type { Pulse } from '../storage/slices';
import type { Stage } from './flow';
import { GroupMap } from './group-map';
import { Parts, type Member } from './group-parts';

export type Fields = { name: string; accumulator: Accumulator }[];

export interface Group {
  id: Value;
  running: Running[];
}

export function grouping(id: Evaluate, fields: Fields, environment: Environment): Stage {
  const inputs = fields.map(({ accumulator }) => accumulator.input);
  return function* (flow) {
    const file = new LazyFile();
    // One for all documents: a member is used up before the next is made.
    const scope = scopeOf(new Map(), environment);
    const member: Member = { id: null, inputs: inputs.map(() => undefined) };
    const memberOf = (doc: Doc): Member => {
      scope.root = doc;
      member.id = id(scope) ?? null;
      for (let at = 0; at < inputs.length; at++) member.inputs[at] = (inputs[at] as Evaluate)(scope);
      return member;
    };
    try {
      yield* grouped(flow, memberOf, { fields, environment, file, depth: 0 });
    } finally {
      file.close();
    }
  };
}

interface Grouping {
  fields: Fields;
  environment: Environment;
  file: LazyFile;
  /** How often its members have been through the file. */
  depth: number;
}

const weightOfGroup = 300;
const pulseEvery = 100;

/**
 * Equal ids are one group; under a collation their texts are folded.
 * Groups as many as may be held; the members of further ones go to a file, in parts, which are grouped one after the
 * other: a part has few enough groups, or is parted again.
 */
function* grouped<T>(
  items: Iterable<T | Pulse>,
  memberOf: (item: T) => Member,
  all: Grouping,
): Generator<Doc | Pulse> {
  const { fields, environment } = all;
  const { fold } = environment;
  const { limitBytes } = environment.memory;
  const groups = new GroupMap<Group>();
  const lists = new Lists(fields, limitBytes);
  let parts: Parts | null = null;
  let held = 0;
  for (const item of items) {
    if (item === null) {
      yield null;
      continue;
    }
    const member = memberOf(item);
    const key = fold ? folded(member.id, fold) : member.id;
    let group = groups.get(key);
    if (!group && held + lists.bytes > limitBytes) {
      parts ??= partsOf(all);
      yield* parts.add(keyText(key), member);
      continue;
    }
    if (!group) {
      group = startGroup(member.id, fields, environment);
      groups.set(key, group);
      held += weightOfGroup + weigh(member.id) * 2;
    }
    lists.add(group, member.inputs);
  }
  let given = 0;
  for (const group of groups.values()) {
    yield resultOf(group, fields);
    if (++given % pulseEvery === 0) yield null;
  }
  groups.clear();
  const next = { ...all, depth: all.depth + 1 };
  if (parts) for (const part of yield* parts.close()) yield* grouped(part, (member) => member, next);
}

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

export const startGroup = (id: Value, fields: Fields, environment: Environment): Group => ({
  id,
  running: fields.map(({ accumulator }) => accumulator.start(environment)),
});

/** Adds to groups, and knows how many bytes their lists hold. */
export class Lists {
  bytes = 0;
  private readonly holdsAll: boolean[];

  constructor(
    private readonly fields: Fields,
    private readonly limitBytes: number,
  ) {
    this.holdsAll = fields.map(({ accumulator }) => accumulator.holdsAll);
  }

  /** @throws StoreError 146 when it is too much: a list cannot go on in a file. */
  add({ running }: Group, inputs: (Value | undefined)[]): void {
    for (let at = 0; at < running.length; at++) {
      (running[at] as Running).add(inputs[at]);
      if (this.holdsAll[at]) this.hold(inputs[at]);
    }
  }

  private hold(value: Value | undefined): void {
    this.bytes += weigh(value);
    if (this.bytes <= this.limitBytes) return;
    const names = this.fields.filter(({ accumulator }) => accumulator.holdsAll).map(({ name }) => name);
    throw new StoreError(
      146,
      `${names.join(', ')} used too much memory and cannot spill to disk. Memory limit: ${this.limitBytes} bytes`,
    );
  }
}

/** @throws StoreError 292 when no file may be used. */
function partsOf({ environment, file, fields, depth }: Grouping): Parts {
  if (!environment.memory.mayUseDisk)
    throw new StoreError(
      292,
      `Exceeded memory limit of ${environment.memory.limitBytes} bytes for $group, but didn't allow external sort. Pass allowDiskUse:true to opt in.`,
    );
  return new Parts(file.open(), fields.length, depth);
}

export const resultOf = ({ id, running }: Group, fields: Fields): Doc =>
  new Map<string, Value>([
    ['_id', id],
    ...fields.map(({ name }, at): [string, Value] => [name, running[at]?.result() ?? null]),
  ]);

/** Made when it is needed. */
class LazyFile {
  private file: ScratchFile | null = null;

  open(): ScratchFile {
    return (this.file ??= new ScratchFile());
  }

  close(): void {
    this.file?.close();
  }
}
