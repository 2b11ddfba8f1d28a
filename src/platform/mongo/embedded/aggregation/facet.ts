import { isDoc, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';
import { compact } from '../query/compact';
import { weigh } from '../query/memory';
import type { Pulse } from '../storage/slices';
import type { Flow, PipelineContext, Stage } from './flow';
import { compilePipeline, stageOf } from './pipeline';

/** So much is read before every pipeline has had it: a few documents, or one that is large. */
const mostDocs = 100;
const mostBytes = 1024 * 1024;

/** Several pipelines over the same documents, which are read once and not held. */
export function $facet(operand: Value, context: PipelineContext): Stage {
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
    const size = new Size(context.environment.memory.limitBytes);
    const branches = each.map(({ name, run }) => new Branch(name, run, size));
    try {
      yield* feed(flow, branches);
      for (const branch of branches) yield* branch.finish();
      yield new Map(branches.map(({ name, results }) => [name, results]));
    } finally {
      for (const branch of branches) branch.close();
    }
  };
}

function* feed(flow: Flow, branches: Branch[]): Generator<Pulse, void> {
  let [docs, bytes]: [Doc[], number] = [[], 0];
  for (const doc of flow) {
    if (!doc) {
      yield null;
      continue;
    }
    bytes += weigh(doc);
    if (docs.push(doc) < mostDocs && bytes < mostBytes) continue;
    for (const branch of branches) yield* branch.take(docs);
    [docs, bytes] = [[], 0];
    if (branches.every(({ isDone }) => isDone)) return;
  }
  for (const branch of branches) yield* branch.take(docs);
}

/** What all branches give is one document in the end. */
class Size {
  private bytes = 0;
  constructor(private readonly limitBytes: number) {}

  add(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.limitBytes)
      throw new StoreError(
        4031700,
        `document constructed by $facet is ${this.bytes} bytes, which exceeds the limit of ${this.limitBytes} bytes`,
      );
  }
}

/** One of the pipelines. It stands still where it has had what there is so far. */
class Branch {
  readonly results: Doc[] = [];
  isDone = false;
  private waiting: Doc[] = [];
  private at = 0;
  private isEnd = false;
  private readonly flow: Iterator<Doc | Pulse>;

  constructor(
    readonly name: string,
    run: Stage,
    private readonly size: Size,
  ) {
    this.flow = run(this.source())[Symbol.iterator]();
  }

  *take(docs: Doc[]): Generator<Pulse, void> {
    [this.waiting, this.at] = [docs, 0];
    while (!this.isDone && this.at < docs.length) if (this.step() === null) yield null;
  }

  *finish(): Generator<Pulse, void> {
    this.isEnd = true;
    while (!this.isDone) if (this.step() === null) yield null;
  }

  close(): void {
    this.flow.return?.();
  }

  private step(): Doc | Pulse {
    const { value, done } = this.flow.next();
    if (done) {
      this.isDone = true;
      return null;
    }
    if (value) this.keep(value);
    return value;
  }

  /** As bytes: so much is held as is counted. */
  private keep(doc: Doc): void {
    const held = compact(doc);
    this.size.add(held.bytes);
    this.results.push(held.doc);
  }

  /** A pulse where there is nothing yet: it comes out at the end of the pipeline, which then waits. */
  private *source(): Generator<Doc | Pulse> {
    for (;;) {
      if (this.at < this.waiting.length) yield this.waiting[this.at++] as Doc;
      else if (this.isEnd) return;
      else yield null;
    }
  }
}
