import { decodeStored } from '../bson/decode';
import { encode } from '../bson/encode';
import type { Doc, Value } from '../bson/value';
import { StoreError } from '../error';
import type { Pulse } from '../storage/slices';
import { weigh, type Memory } from './memory';
import { ScratchFile, type Run } from './scratch-file';
import type { Order } from './sort';
import { sortInTurns } from './sort-in-turns';

/** A document and its place: of equal ones the one with the lower place is first. */
export interface Placed {
  doc: Doc;
  place: number;
}
/** With what it is sorted by. */
export interface Sorted extends Placed {
  key: Value[];
}

const pulseEvery = 100;

/**
 * Sorts documents, of which the first `most` are wanted. What is more than may be held in memory is written to a file
 * in sorted runs, which are merged at the end.
 */
export class Sorter {
  private items: Sorted[] = [];
  private bytes = 0;
  private file: ScratchFile | null = null;
  private readonly runs: Run[] = [];

  constructor(
    private readonly order: Order,
    private readonly memory: Memory,
    private readonly most = Infinity,
  ) {}

  /** @throws StoreError 292 when it is too much and no file may be used. */
  *add({ doc, place }: Placed): Generator<Pulse, void> {
    const item = { doc, place, key: this.order.keyOf(doc) };
    this.items.push(item);
    this.bytes += weightOf(item);
    if (this.items.length >= this.most * 2 + 100) yield* this.sortHeld();
    if (this.bytes > this.memory.limitBytes) yield* this.toFile();
  }

  /** In order; to be read to its end or to be returned, which closes the file. */
  *sorted(): Generator<Sorted | Pulse> {
    try {
      yield* this.sortHeld();
      let given = 0;
      for (const item of this.file ? this.merged() : this.items) {
        if (given++ >= this.most) return;
        yield item;
        if (given % pulseEvery === 0) yield null;
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    this.items = [];
    this.file?.close();
    this.file = null;
  }

  private readonly compare = (a: Sorted, b: Sorted): number =>
    this.order.compare(a.key, b.key) || a.place - b.place;

  private *sortHeld(): Generator<Pulse, void> {
    const all = yield* sortInTurns(this.items, this.compare);
    this.items = all.slice(0, this.most);
    if (this.items.length < all.length)
      this.bytes = this.items.reduce((sum, item) => sum + weightOf(item), 0);
  }

  private *toFile(): Generator<Pulse, void> {
    const { limitBytes, mayUseDisk } = this.memory;
    if (!mayUseDisk)
      throw new StoreError(
        292,
        `Sort exceeded memory limit of ${limitBytes} bytes, but did not opt in to external sorting. Aborting operation. Pass allowDiskUse:true to opt in.`,
      );
    yield* this.sortHeld();
    this.file ??= new ScratchFile();
    this.runs.push(yield* this.file.write(rowsOf(this.items)));
    this.items = [];
    this.bytes = 0;
  }

  private *merged(): Generator<Sorted> {
    const sources = [...this.runs.map((run) => this.readRun(run)), this.items[Symbol.iterator]()];
    const heads = sources.map((source): Sorted | null => source.next().value ?? null);
    for (;;) {
      let least: number | null = null;
      for (const [at, head] of heads.entries())
        if (head && (least === null || this.compare(head, heads[least] as Sorted) < 0)) least = at;
      if (least === null) return;
      yield heads[least] as Sorted;
      heads[least] = sources[least]?.next().value ?? null;
    }
  }

  private *readRun(run: Run): Generator<Sorted> {
    for (const row of (this.file as ScratchFile).read(run)) {
      const doc = decodeStored(Buffer.from(row.subarray(rowHead)));
      yield { doc, place: row.readDoubleLE(4), key: this.order.keyOf(doc) };
    }
  }
}

const weightOf = ({ key, doc }: Sorted): number => weigh(key) + weigh(doc);

/** One at a time: all of them would be all documents once more. */
function* rowsOf(items: Sorted[]): Generator<Buffer> {
  for (const item of items) yield rowOf(item);
}

/** Its length, its place, its document. */
const rowHead = 12;
function rowOf({ doc, place }: Placed): Buffer {
  const bytes = encode(doc);
  const head = Buffer.allocUnsafe(rowHead);
  head.writeInt32LE(rowHead + bytes.length, 0);
  head.writeDoubleLE(place, 4);
  return Buffer.concat([head, bytes]);
}
