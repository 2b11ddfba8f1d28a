import { decodeStored } from '../bson/decode';
import { encode } from '../bson/encode';
import type { Doc } from '../bson/value';
import { StoreError } from '../error';
import type { Pulse } from '../storage/slices';
import { weigh, type Memory } from './memory';
import { ScratchFile } from './scratch-file';

const slots = 64;

/** Documents by their place. What is more than may be held in memory is in a file. */
export class Rows {
  private held: Doc[] = [];
  private bytes = 0;
  private file: ScratchFile | null = null;
  /** Where each document in the file begins, and the last one ends. */
  private readonly begins: number[] = [0];
  /** Those of the file that were read last: who goes through a partition looks at the same ones again. */
  private readonly recent: { at: number; doc: Doc }[] = [];

  constructor(
    private readonly memory: Memory,
    private readonly what: string,
  ) {}

  get length(): number {
    return this.inFile + this.held.length;
  }

  /** @throws StoreError 292 when it is too much and no file may be used. */
  *add(doc: Doc): Generator<Pulse, void> {
    this.held.push(doc);
    this.bytes += weigh(doc);
    if (this.bytes > this.memory.limitBytes) yield* this.toFile();
  }

  get(at: number): Doc {
    return at < this.inFile ? this.read(at) : (this.held[at - this.inFile] as Doc);
  }

  close(): void {
    this.held = [];
    this.file?.close();
    this.file = null;
  }

  private get inFile(): number {
    return this.begins.length - 1;
  }

  private read(at: number): Doc {
    const known = this.recent[at % slots];
    if (known?.at === at) return known.doc;
    const run = { start: this.begins[at] as number, end: this.begins[at + 1] as number };
    const [bytes] = (this.file as ScratchFile).read(run);
    const doc = decodeStored(Buffer.from(bytes as Buffer));
    this.recent[at % slots] = { at, doc };
    return doc;
  }

  private *toFile(): Generator<Pulse, void> {
    const { limitBytes, mayUseDisk } = this.memory;
    if (!mayUseDisk)
      throw new StoreError(
        292,
        `Exceeded memory limit of ${limitBytes} bytes for ${this.what}, but didn't allow external storage. Pass allowDiskUse:true to opt in.`,
      );
    this.file ??= new ScratchFile();
    yield* this.file.write(this.encoded());
    this.held = [];
    this.bytes = 0;
  }

  private *encoded(): Generator<Buffer> {
    for (const doc of this.held) {
      const bytes = encode(doc);
      yield bytes;
      this.begins.push((this.begins.at(-1) as number) + bytes.length);
    }
  }
}
