import { decodeStored } from '../bson/decode';
import { encode } from '../bson/encode';
import type { Doc, Value } from '../bson/value';
import { StoreError } from '../error';
import type { Pulse } from '../storage/slices';
import type { Environment } from './environment';
import { weigh } from './memory';
import { ScratchFile, type Run } from './scratch-file';
import { keyComparator, refuseParallelArrays, sortKey, type SortField } from './sort';
import { sortInTurns } from './sort-in-turns';

/** A document and its place: of equal ones the one with the lower place is first. */
export interface Placed {
  doc: Doc;
  place: number;
}
interface Item extends Placed {
  key: Value[];
}

/**
 * Sorts documents, of which the first `most` are wanted. What is more than may be held in memory is written to a file
 * in sorted runs, which are merged at the end.
 */
export class Sorter {
  private items: Item[] = [];
  private bytes = 0;
  private file: ScratchFile | null = null;
  private readonly runs: Run[] = [];

  constructor(
    private readonly fields: SortField[],
    private readonly environment: Environment,
    private readonly most = Infinity,
  ) {}

  /** @throws StoreError 292 when it is too much and no file may be used. */
  *add({ doc, place }: Placed): Generator<Pulse, void> {
    refuseParallelArrays(doc, this.fields);
    const item = { doc, place, key: this.keyOf(doc) };
    this.items.push(item);
    this.bytes += weightOf(item);
    if (this.items.length >= this.most * 2 + 100) yield* this.sortHeld();
    if (this.bytes > this.environment.memory.limitBytes) yield* this.toFile();
  }

  /** In order; to be read to its end or to be returned, which closes the file. */
  *sorted(): Generator<Placed | Pulse> {
    try {
      yield* this.sortHeld();
      let given = 0;
      for (const item of this.file ? this.merged() : this.items) {
        if (given++ >= this.most) return;
        yield item;
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

  private keyOf(doc: Doc): Value[] {
    return sortKey(doc, this.fields, this.environment.collate);
  }

  private get order(): (a: Item, b: Item) => number {
    const byKey = keyComparator(this.fields, this.environment.collate);
    return (a, b) => byKey(a.key, b.key) || a.place - b.place;
  }

  private *sortHeld(): Generator<Pulse, void> {
    const all = yield* sortInTurns(this.items, this.order);
    this.items = all.slice(0, this.most);
    if (this.items.length < all.length)
      this.bytes = this.items.reduce((sum, item) => sum + weightOf(item), 0);
  }

  private *toFile(): Generator<Pulse, void> {
    const { limitBytes, mayUseDisk } = this.environment.memory;
    if (!mayUseDisk)
      throw new StoreError(
        292,
        `Sort exceeded memory limit of ${limitBytes} bytes, but did not opt in to external sorting. Aborting operation. Pass allowDiskUse:true to opt in.`,
      );
    yield* this.sortHeld();
    this.file ??= new ScratchFile();
    this.runs.push(yield* this.file.write(this.items.map(rowOf)));
    this.items = [];
    this.bytes = 0;
  }

  private *merged(): Generator<Item> {
    const { order } = this;
    const sources = [...this.runs.map((run) => this.readRun(run)), this.items[Symbol.iterator]()];
    const heads = sources.map((source): Item | null => source.next().value ?? null);
    for (;;) {
      let least: number | null = null;
      for (const [at, head] of heads.entries())
        if (head && (least === null || order(head, heads[least] as Item) < 0)) least = at;
      if (least === null) return;
      yield heads[least] as Item;
      heads[least] = sources[least]?.next().value ?? null;
    }
  }

  private *readRun(run: Run): Generator<Item> {
    for (const row of (this.file as ScratchFile).read(run)) {
      const doc = decodeStored(Buffer.from(row.subarray(rowHead)));
      yield { doc, place: row.readDoubleLE(4), key: this.keyOf(doc) };
    }
  }
}

const weightOf = ({ key, doc }: Item): number => weigh(key) + weigh(doc);

/** Its length, its place, its document. */
const rowHead = 12;
function rowOf({ doc, place }: Placed): Buffer {
  const bytes = encode(doc);
  const head = Buffer.allocUnsafe(rowHead);
  head.writeInt32LE(rowHead + bytes.length, 0);
  head.writeDoubleLE(place, 4);
  return Buffer.concat([head, bytes]);
}
