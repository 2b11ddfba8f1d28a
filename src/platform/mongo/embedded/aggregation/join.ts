import { keyText } from '../bson/key';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { follow } from '../expression/path';
import { scopeOf, type Evaluate } from '../expression/scope';
import { isRegex } from '../query/regex';
import { expandStage, gather, type CompileStage, type Flow, type PipelineContext, type Stage } from './flow';
import { placed } from './unwind';

/** Stages that bring in other collections. */
export const joinStages: Record<string, CompileStage> = {
  $lookup: lookup,
  $graphLookup: graphLookup,
  $unionWith: (operand, context) => {
    const name = isDoc(operand) ? operand.get('coll') : operand;
    const pipeline = isDoc(operand) ? operand.get('pipeline') : [];
    if (typeof name !== 'string') throw new StoreError(9, '$unionWith stage requires a collection name');
    const stages = pipelineOf(pipeline ?? []);
    return function* (flow) {
      yield* flow;
      yield* context.run(name, stages, context.environment);
    };
  },
};

function lookup(operand: Value, context: PipelineContext): Stage {
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
  return expandStage(function* (doc) {
    const scope = scopeOf(doc, context.environment);
    const variables = new Map([
      ...context.environment.variables,
      ...names.map(([name, evaluate]) => [name, evaluate(scope)] as const),
    ]);
    const match: Doc[] =
      local !== null && foreign !== null
        ? [new Map([['$match', joinFilter(follow(doc, local.split('.'), 0), foreign)]])]
        : [];
    const found = yield* gather(
      context.run(from, [...match, ...pipeline], { ...context.environment, variables }),
    );
    yield placed(doc, as, found);
  });
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

function pipelineOf(value: Value): Doc[] {
  if (!Array.isArray(value) || !value.every(isDoc))
    throw new StoreError(14, 'A pipeline must be an array of objects');
  return value;
}

function textOf(operand: Doc, key: string, stage: string): string {
  const value = operand.get(key);
  if (typeof value === 'string' && value !== '') return value;
  throw new StoreError(9, `${stage}: must specify '${key}' as a string`);
}

/** Follows a reference from document to document, each once. */
function graphLookup(operand: Value, context: PipelineContext): Stage {
  if (!isDoc(operand)) throw new StoreError(40327, 'the $graphLookup stage specification must be an object');
  const [from, as, connectFrom, connectTo] = ['from', 'as', 'connectFromField', 'connectToField'].map((key) =>
    textOf(operand, key, '$graphLookup'),
  ) as [string, string, string, string];
  const start = compileExpression(operand.get('startWith') ?? null);
  const depth = operand.get('maxDepth');
  const restrict = operand.get('restrictSearchWithMatch');
  const depthField = operand.get('depthField');
  const maxDepth = isNumber(depth) ? toDouble(depth) : Infinity;
  return expandStage(function* (doc) {
    const found = new Map<string, Doc>();
    let frontier = valuesOf(start(scopeOf(doc, context.environment)));
    for (let at = 0; at <= maxDepth && frontier.length > 0; at++) {
      const reached = (yield* gather(reach(frontier))).filter((one) => !found.has(idOf(one)));
      for (const one of reached)
        found.set(
          idOf(one),
          typeof depthField === 'string' ? new Map([...one, [depthField, BigInt(at)]]) : one,
        );
      frontier = reached.flatMap((one) => valuesOf(follow(one, connectFrom.split('.'), 0)));
    }
    yield placed(doc, as.split('.'), [...found.values()]);
  });

  function reach(frontier: Value[]): Flow {
    const connected: Doc = new Map([[connectTo, new Map([['$in', frontier]])]]);
    return context.read(from, isDoc(restrict) ? new Map([['$and', [connected, restrict]]]) : connected);
  }
}

const idOf = (doc: Doc): string => keyText(doc.get('_id') ?? null);
const valuesOf = (value: Value | undefined): Value[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
