import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { follow } from '../expression/path';
import { scopeOf, type Evaluate } from '../expression/scope';
import { compact } from '../query/compact';
import { isRegex } from '../query/regex';
import type { Pulse } from '../storage/slices';
import { expandStage, type CompileStage, type Flow, type PipelineContext, type Stage } from './flow';
import { parseUnwind, placed, withIndex } from './unwind';

/** As MongoDB: what one document is given is a document of 16 MB, and what a stage has put around it. */
const mostFoundBytes = 16 * 1024 * 1024 + 16 * 1024;

interface Lookup {
  from: string;
  as: string[];
  /** What belongs to a document. */
  find(doc: Doc): Flow;
}

export const $lookup: CompileStage = (operand, context) => {
  const { from, as, find } = parse(operand, context);
  return expandStage(function* (doc) {
    yield placed(doc, as, yield* gathered(find(doc), from));
  });
};

/** @throws StoreError 4568 when it is more than a document can hold. */
function* gathered(flow: Flow, from: string): Generator<Pulse, Doc[]> {
  const found: Doc[] = [];
  let bytes = 0;
  for (const one of flow) {
    if (!one) {
      yield null;
      continue;
    }
    const held = compact(one);
    bytes += held.bytes;
    if (bytes > mostFoundBytes)
      throw new StoreError(
        4568,
        `Total size of documents in ${from} matching pipeline's $lookup stage exceeds ${mostFoundBytes} bytes`,
      );
    found.push(held.doc);
  }
  return found;
}

/**
 * A `$lookup` whose array the next stage takes apart: as MongoDB does, one document is made for each that is found, and
 * the array never. Null for other stages.
 */
export function unwoundLookup(
  lookup: Value | undefined,
  unwind: Value | undefined,
  context: PipelineContext,
): Stage | null {
  if (lookup === undefined || unwind === undefined) return null;
  const { keys, index, keepsEmpty } = parseUnwind(unwind);
  const { as, find } = parse(lookup, context);
  if (keys.join('.') !== as.join('.')) return null;
  return expandStage(function* (doc) {
    let at = 0;
    for (const one of find(doc)) yield one && withIndex(placed(doc, as, one), index, at++);
    if (at === 0 && keepsEmpty) yield withIndex(placed(doc, as, undefined), index, null);
  });
}

function parse(operand: Value, context: PipelineContext): Lookup {
  if (!isDoc(operand)) throw new StoreError(9, 'the $lookup specification must be an Object');
  const unknown = [...operand.keys()].find(
    (key) => !['from', 'localField', 'foreignField', 'as', 'let', 'pipeline'].includes(key),
  );
  if (unknown) throw new StoreError(9, `unknown argument to $lookup: ${unknown}`);
  const from = textOf(operand, 'from', '$lookup');
  const as = textOf(operand, 'as', '$lookup').split('.');
  const hasFields = operand.has('localField') || operand.has('foreignField');
  const local = hasFields ? textOf(operand, 'localField', '$lookup') : null;
  const foreign = hasFields ? textOf(operand, 'foreignField', '$lookup') : null;
  if (!hasFields && !operand.has('pipeline'))
    throw new StoreError(
      9,
      '$lookup requires either pipeline or both localField and foreignField to be specified',
    );
  const pipeline = pipelineOf(operand.get('pipeline') ?? []);
  const names = letOf(operand.get('let'));
  const find = (doc: Doc): Flow => {
    const scope = scopeOf(doc, context.environment);
    const variables = new Map([
      ...context.environment.variables,
      ...names.map(([name, evaluate]) => [name, evaluate(scope)] as const),
    ]);
    const match: Doc[] =
      local !== null && foreign !== null
        ? [new Map([['$match', joinFilter(follow(doc, local.split('.'), 0), foreign)]])]
        : [];
    return context.run(from, [...match, ...pipeline], { ...context.environment, variables });
  };
  return { from, as, find };
}

/** A missing value joins null and missing; an array joins each of its items. */
function joinFilter(value: Value | undefined, foreign: string): Doc {
  const wanted = Array.isArray(value) ? value : [value ?? null];
  const literal = wanted.map((one) => (isRegex(one) ? new Map<string, Value>([['$eq', one]]) : one));
  if (literal.every((one) => !isDoc(one))) return new Map([[foreign, new Map([['$in', wanted]])]]);
  return new Map([['$or', wanted.map((one) => new Map([[foreign, new Map([['$eq', one]])]]))]]);
}

function letOf(value: Value | undefined): [string, Evaluate][] {
  if (value === undefined) return [];
  if (!isDoc(value)) throw new StoreError(9, '$lookup argument let must be an object');
  return [...value].map(([name, expression]) => [name, compileExpression(expression)]);
}

export function pipelineOf(value: Value): Doc[] {
  if (!Array.isArray(value) || !value.every(isDoc))
    throw new StoreError(14, 'A pipeline must be an array of objects');
  return value;
}

export function textOf(operand: Doc, key: string, stage: string): string {
  const value = operand.get(key);
  if (typeof value === 'string' && value !== '') return value;
  throw new StoreError(9, `${stage}: must specify '${key}' as a string`);
}
