import { keyText } from '../bson/key';
import type { Doc, Value } from '../bson/value';
import { StoreError } from '../error';
import type { Accumulator, Running } from '../expression/accumulators';
import { scopeOf, type Evaluate } from '../expression/scope';
import { folded } from '../query/collation';
import type { Environment } from '../query/environment';
import { weigh } from '../query/memory';
import { ScratchFile } from '../query/scratch-file';
import type { Pulse } from '../storage/slices';
import type { Flow, Stage } from './flow';
import { Parts, type Member } from './group-parts';

export type Fields = { name: string; accumulator: Accumulator }[];

interface Group {
  id: Value;
  running: Running[];
}

export function grouping(id: Evaluate, fields: Fields, environment: Environment): Stage {
  return function* (flow) {
    const file = new LazyFile();
    try {
      yield* grouped(membersOf(flow), { fields, environment, file, depth: 0 });
    } finally {
      file.close();
    }
  };

  function* membersOf(flow: Flow): Generator<Member | Pulse> {
    for (const doc of flow) {
      if (!doc) {
        yield null;
        continue;
      }
      const scope = scopeOf(doc, environment);
      yield { id: id(scope) ?? null, inputs: fields.map(({ accumulator }) => accumulator.input(scope)) };
    }
  }
}

interface Grouping {
  fields: Fields;
  environment: Environment;
  file: LazyFile;
  /** How often its members have been through the file. */
  depth: number;
}

const weightOfGroup = 300;

/**
 * Groups as many as may be held; the members of further ones go to a file, in parts, which are grouped one after the
 * other: a part has few enough groups, or is parted again.
 */
function* grouped(members: Iterable<Member | Pulse>, all: Grouping): Generator<Doc | Pulse> {
  const { fields, environment } = all;
  const { limitBytes } = environment.memory;
  const groups = new Map<string, Group>();
  let parts: Parts | null = null;
  let [held, inside] = [0, 0];
  for (const member of members) {
    if (!member) {
      yield null;
      continue;
    }
    const key = groupKey(member.id, environment);
    let group = groups.get(key);
    if (!group && held + inside > limitBytes) {
      parts ??= partsOf(all);
      yield* parts.add(key, member);
      continue;
    }
    if (!group) {
      group = { id: member.id, running: fields.map(({ accumulator }) => accumulator.start(environment)) };
      groups.set(key, group);
      held += weightOfGroup + weigh(member.id) + key.length;
    }
    inside += add(group, member, fields);
    if (inside > limitBytes) throw tooMuchInside(fields, limitBytes);
  }
  for (const group of groups.values()) yield resultOf(group, fields);
  groups.clear();
  if (parts) for (const part of yield* parts.close()) yield* grouped(part, { ...all, depth: all.depth + 1 });
}

/** Answers how many bytes more the group holds on to. */
function add({ running }: Group, { inputs }: Member, fields: Fields): number {
  let bytes = 0;
  for (let at = 0; at < fields.length; at++) {
    running[at]?.add(inputs[at]);
    if (fields[at]?.accumulator.holdsAll) bytes += weigh(inputs[at]);
  }
  return bytes;
}

function tooMuchInside(fields: Fields, limitBytes: number): StoreError {
  const names = fields.filter(({ accumulator }) => accumulator.holdsAll).map(({ name }) => name);
  return new StoreError(
    146,
    `${names.join(', ')} of $group used too much memory and cannot spill to disk. Memory limit: ${limitBytes} bytes`,
  );
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

/** Equal values have one key; under a collation their texts are folded. */
function groupKey(id: Value, { fold }: Environment): string {
  return keyText(fold ? folded(id, fold) : id);
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
