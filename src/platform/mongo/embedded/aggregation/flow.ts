import type { Doc } from '../bson/value';
import type { Environment } from '../query/environment';
import type { Pulse } from '../storage/slices';

/** Documents on their way through a pipeline, and pulses: moments at which it can be interrupted. */
export type Flow = Iterable<Doc | Pulse>;
export type Stage = (flow: Flow) => Flow;

/** What stages need of the store: other collections. */
export interface PipelineContext {
  environment: Environment;
  /** The documents of a collection of the same database that match a filter. */
  read(collection: string, filter: Doc): Flow;
  /** The documents of a pipeline over a collection. */
  run(collection: string, pipeline: Doc[], environment: Environment): Flow;
}
export type CompileStage = (operand: import('../bson/value').Value, context: PipelineContext) => Stage;

export const mapStage = (change: (doc: Doc) => Doc): Stage =>
  function* (flow) {
    for (const doc of flow) yield doc && change(doc);
  };

export const expandStage = (change: (doc: Doc) => Iterable<Doc | Pulse>): Stage =>
  function* (flow) {
    for (const doc of flow)
      if (doc) yield* change(doc);
      else yield null;
  };

/** Needs all documents before it gives the first. */
export const wholeStage = (change: (docs: Doc[]) => Iterable<Doc>): Stage =>
  function* (flow) {
    yield* change(yield* gather(flow));
  };

/** All documents of a flow, passing on its pulses. */
export function* gather(flow: Flow): Generator<Pulse, Doc[]> {
  const docs: Doc[] = [];
  for (const doc of flow)
    if (doc) docs.push(doc);
    else yield null;
  return docs;
}
