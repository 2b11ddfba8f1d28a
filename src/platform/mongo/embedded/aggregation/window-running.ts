import type { Value } from '../bson/value';
import { StoreError } from '../error';
import type { Accumulator, Running } from '../expression/accumulators';
import { scopeOf } from '../expression/scope';
import { weigh } from '../query/memory';
import type { Pulse } from '../storage/slices';
import type { Bounds } from './window-bounds';
import type { Column, Partition } from './window-functions';

interface Over {
  bounds: Bounds;
  partition: Partition;
}

/** An accumulator over the window of each document. The input of a document is read once. */
export const accumulated = (name: string, accumulator: Accumulator, over: Over): Column =>
  over.bounds.fromFirst
    ? new GrowingWindow(name, accumulator, over)
    : new SlidingWindow(name, accumulator, over);

const pulseEvery = 100;

abstract class Window implements Column {
  protected next = 0;
  private bytes = 0;
  private known: Value | undefined;

  constructor(
    private readonly name: string,
    protected readonly accumulator: Accumulator,
    protected readonly over: Over,
  ) {}

  /** Takes in what the window of a place has and that of the place before had not. */
  *prepare(place: number): Generator<Pulse, void> {
    const { at } = this.over.bounds;
    const found = at(place);
    const [from, to] = Array.isArray(found) ? found : yield* found;
    const hasLeft = this.leave(from);
    const before = this.next;
    for (; this.next <= to; this.next++) {
      if (this.next >= from) this.enter(this.inputAt(this.next));
      if (this.next % pulseEvery === 0) yield null;
    }
    if (place === 0 || hasLeft || this.next > before) this.known = yield* this.result();
  }

  value(): Value | undefined {
    return this.known;
  }

  protected abstract enter(input: Value | undefined): void;
  /** Does any of those that were inside stand before this place? */
  protected abstract leave(from: number): boolean;
  protected abstract result(): Generator<Pulse, Value>;

  protected weigh(input: Value | undefined, sign: 1 | -1 = 1): void {
    this.bytes += weigh(input) * sign;
    const { limitBytes } = this.over.partition.environment.memory;
    if (this.bytes <= limitBytes) return;
    throw new StoreError(
      146,
      `${this.name} of $setWindowFields used too much memory. Memory limit: ${limitBytes} bytes`,
    );
  }

  private inputAt(place: number): Value | undefined {
    const { rows, environment } = this.over.partition;
    return this.accumulator.input(scopeOf(rows.get(place), environment));
  }
}

/** From the first document on: only ever more. */
class GrowingWindow extends Window {
  private readonly running: Running = this.accumulator.start(this.over.partition.environment);

  protected enter(input: Value | undefined): void {
    if (this.accumulator.holdsAll) this.weigh(input);
    this.running.add(input);
  }

  protected leave(): boolean {
    return false;
  }

  protected *result(): Generator<Pulse, Value> {
    return this.running.result();
  }
}

/** What is inside is held, and gone through again where something has come or gone. */
class SlidingWindow extends Window {
  private inputs: (Value | undefined)[] = [];
  /** The place of the first that is held. */
  private first = 0;

  protected enter(input: Value | undefined): void {
    if (this.inputs.length === 0) this.first = this.next;
    this.weigh(input);
    this.inputs.push(input);
  }

  protected leave(from: number): boolean {
    const gone = this.inputs.splice(0, Math.max(0, from - this.first));
    for (const input of gone) this.weigh(input, -1);
    this.first += gone.length;
    return gone.length > 0;
  }

  protected *result(): Generator<Pulse, Value> {
    const running = this.accumulator.start(this.over.partition.environment);
    for (const [at, input] of this.inputs.entries()) {
      running.add(input);
      if (at % pulseEvery === pulseEvery - 1) yield null;
    }
    return running.result();
  }
}
