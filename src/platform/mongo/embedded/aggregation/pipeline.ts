import { isDoc, type Doc, type Value } from '../bson/value';
import { notSupported, StoreError } from '../error';
import { basicStages } from './basic';
import { $densify, $fill } from './fill';
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
  $facet: facet,
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
  const each = pipeline.map((stage, at) => compileStage(stage, context, at === pipeline.length - 1));
  return (flow) => each.reduce<Flow>((current, stage) => stage(current), flow);
}

export function stageOf(stage: Doc): [string, Value] {
  const [entry] = stage;
  if (!entry || stage.size !== 1)
    throw new StoreError(40323, 'A pipeline stage specification object must contain exactly one field.');
  return entry;
}

function compileStage(stage: Doc, context: PipelineContext, isLast: boolean): Stage {
  const [name, operand] = stageOf(stage);
  if (isShapingStage(name)) return mapStage(compileShapingStage(name, operand, context.environment));
  const compile = Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (compile) return compile(operand, context);
  if (name === '$out' || name === '$merge')
    throw new StoreError(isLast ? 40600 : 40601, `${name} can only be the final stage in the pipeline`);
  throw refused.has(name)
    ? notSupported(name)
    : new StoreError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

/** Several pipelines over the same documents. */
function facet(operand: Value, context: PipelineContext): Stage {
  if (!isDoc(operand) || operand.size === 0)
    throw new StoreError(40169, 'the $facet specification must be a non-empty object');
  const each = [...operand].map(([name, pipeline]) => {
    if (!Array.isArray(pipeline) || !pipeline.every(isDoc))
      throw new StoreError(40170, `arguments to $facet must be arrays, ${name} is not`);
    const inner = pipeline
      .map((stage) => stageOf(stage)[0])
      .find((stage) => ['$facet', '$out', '$merge'].includes(stage));
    if (inner) throw new StoreError(40600, `${inner} is not allowed to be used within a $facet stage`);
    return { name, run: compilePipeline(pipeline, context) };
  });
  return function* (flow) {
    const docs: Doc[] = [];
    for (const doc of flow)
      if (doc) docs.push(doc);
      else yield null;
    const made: Doc = new Map();
    for (const { name, run } of each) {
      const results: Doc[] = [];
      for (const doc of run(docs))
        if (doc) results.push(doc);
        else yield null;
      made.set(name, results);
    }
    yield made;
  };
}
