import { keyText } from '../bson/key';
import { isDoc, isNumber, toDouble, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compileExpression } from '../expression/compile';
import { follow } from '../expression/path';
import { scopeOf } from '../expression/scope';
import { compact } from '../query/compact';
import { weigh } from '../query/memory';
import { expandStage, type CompileStage, type Flow, type PipelineContext, type Stage } from './flow';
import { $lookup, pipelineOf, textOf } from './lookup';
import { placed } from './unwind';

/** Stages that bring in other collections. */
export const joinStages: Record<string, CompileStage> = {
  $lookup,
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
    const visited = new Visited(context.environment.memory.limitBytes);
    let frontier = valuesOf(start(scopeOf(doc, context.environment)));
    for (const value of frontier) visited.hold(weigh(value));
    for (let at = 0; at <= maxDepth && frontier.length > 0; at++) {
      const next = new Map<string, Value>();
      for (const one of reach(frontier)) {
        if (!one) yield null;
        else if (
          visited.add(one, typeof depthField === 'string' ? new Map([[depthField, BigInt(at)]]) : null)
        )
          for (const value of valuesOf(follow(one, connectFrom.split('.'), 0)))
            if (!next.has(keyText(value))) {
              visited.hold(weigh(value));
              next.set(keyText(value), value);
            }
      }
      visited.letGo(frontier);
      frontier = [...next.values()];
    }
    yield placed(doc, as.split('.'), visited.docs);
  });

  function reach(frontier: Value[]): Flow {
    const connected: Doc = new Map([[connectTo, new Map([['$in', frontier]])]]);
    return context.read(from, isDoc(restrict) ? new Map([['$and', [connected, restrict]]]) : connected);
  }
}

/** Each document once, and their bytes. */
class Visited {
  private readonly found = new Map<string, Doc>();
  private bytes = 0;

  constructor(private readonly limitBytes: number) {}

  get docs(): Doc[] {
    return [...this.found.values()];
  }

  /** False for one that is there already. */
  add(doc: Doc, more: Doc | null): boolean {
    const id = keyText(doc.get('_id') ?? null);
    if (this.found.has(id)) return false;
    const held = compact(more ? new Map([...doc, ...more]) : doc);
    this.hold(held.bytes + id.length);
    this.found.set(id, held.doc);
    return true;
  }

  letGo(values: Value[]): void {
    for (const value of values) this.bytes -= weigh(value);
  }

  /** @throws StoreError 40099 when it is too much: it cannot go on in a file. */
  hold(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.limitBytes)
      throw new StoreError(40099, '$graphLookup reached maximum memory consumption');
  }
}

const valuesOf = (value: Value | undefined): Value[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
