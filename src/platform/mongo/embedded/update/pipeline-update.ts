import { compileShapingStage, isShapingStage } from '../aggregation/shaping';
import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import type { Environment } from '../query/environment';

/** An update that is a pipeline: each stage makes the document anew. Its id stays. */
export function compilePipelineUpdate(pipeline: Value[], environment: Environment): (doc: Doc) => Doc {
  const stages = pipeline.map((stage) => {
    if (!isDoc(stage)) throw new StoreError(14, 'Each element of the pipeline must be an object');
    const [entry] = stage;
    if (!entry || stage.size !== 1)
      throw new StoreError(40323, 'A pipeline stage specification object must contain exactly one field.');
    const [name, operand] = entry;
    if (!isShapingStage(name)) throw new StoreError(72, `${name} is not allowed to be used within an update`);
    return compileShapingStage(name, operand, environment);
  });
  return (doc) => {
    const made = stages.reduce((current, stage) => stage(current), doc);
    const id = doc.get('_id');
    return id === undefined || made.has('_id') ? made : new Map<string, Value>([['_id', id], ...made]);
  };
}
