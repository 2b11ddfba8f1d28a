import { isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { basicStages, compileSort } from './basic';
import { $facet } from './facet';
import { $densify } from './densify';
import { $fill } from './fill';
import {
  expandStage,
  mapStage,
  type CompileStage,
  type Flow,
  type PipelineContext,
  type Stage,
} from './flow';
import { groupStages } from './group';
import { joinStages } from './join';
import { unwoundLookup } from './lookup';
import { compileRedact, compileShapingStage, isShapingStage } from './shaping';
import { $unwind } from './unwind';
import { $setWindowFields } from './window';

const stages: Record<string, CompileStage> = {
  ...basicStages,
  ...groupStages,
  ...joinStages,
  $unwind,
  $setWindowFields,
  $densify,
  $fill,
  $facet,
  $redact: (operand, { environment }) => {
    const redact = compileRedact(operand, environment);
    return expandStage((doc) => {
      const kept = redact(doc);
      return kept ? [kept] : [];
    });
  },
};

/** MongoDB has them; here they are refused. */
const refused = new Set(
  [
    'changeStream', 'collStats', 'currentOp', 'documents', 'geoNear', 'indexStats', 'listLocalSessions',
    'listSessions', 'planCacheStats', 'search', 'searchMeta', 'vectorSearch',
  ].map((name) => `$${name}`),
); // prettier-ignore

/** The stages of a pipeline as one. @throws StoreError for what is not known, before any document is read. */
export function compilePipeline(pipeline: Doc[], context: PipelineContext): Stage {
  const each: Stage[] = [];
  for (let at = 0; at < pipeline.length; at++) {
    const stage = pipeline[at] as Doc;
    const fused = unwoundLookup(operandOf(stage, '$lookup'), operandOf(pipeline[at + 1], '$unwind'), context);
    if (fused) at++;
    each.push(fused ?? compileStage(stage, context, pipeline.slice(at + 1)));
  }
  return (flow) => each.reduce<Flow>((current, stage) => stage(current), flow);
}

const operandOf = (stage: Doc | undefined, name: string): Value | undefined =>
  stage?.size === 1 ? stage.get(name) : undefined;

export function stageOf(stage: Doc): [string, Value] {
  const [entry] = stage;
  if (!entry || stage.size !== 1)
    throw new StoreError(40323, 'A pipeline stage specification object must contain exactly one field.');
  return entry;
}

function compileStage(stage: Doc, context: PipelineContext, rest: Doc[]): Stage {
  const [name, operand] = stageOf(stage);
  if (isShapingStage(name)) return mapStage(compileShapingStage(name, operand, context.environment));
  if (name === '$sort') return compileSort(operand, context, wantedBy(rest));
  const compile = Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (compile) return compile(operand, context);
  if (name === '$out' || name === '$merge')
    throw new StoreError(
      rest.length === 0 ? 40600 : 40601,
      `${name} can only be the final stage in the pipeline`,
    );
  throw refused.has(name)
    ? notSupported(name)
    : new StoreError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

/** After a sort: how many of the first ones a `$limit` wants, with those that a `$skip` before it passes over. */
export function wantedBy(stages: Doc[]): number {
  let skipped = 0;
  for (const stage of stages) {
    const [name, operand] = stageOf(stage);
    const number = isNumber(operand) ? toDouble(operand) : NaN;
    if (!Number.isInteger(number) || number < 0) return Infinity;
    if (name === '$limit') return number > 0 ? skipped + number : Infinity;
    if (name !== '$skip') return Infinity;
    skipped += number;
  }
  return Infinity;
}
