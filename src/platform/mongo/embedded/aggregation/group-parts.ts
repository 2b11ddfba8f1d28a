import { createHash } from 'node:crypto';
import { decodeStored } from '../bson/decode';
import { encode } from '../bson/encode';
import type { Value } from '../bson/value';
import type { Run, ScratchFile } from '../query/scratch-file';
import type { Pulse } from '../storage/slices';

/** What one document brings to its group. */
export interface Member {
  id: Value;
  inputs: (Value | undefined)[];
}
const partCount = 16;
const waitingBytes = 256 * 1024;

/** Members in a file, in parts by a hash of their group. */
export class Parts {
  private readonly parts = Array.from({ length: partCount }, () => ({
    runs: [] as Run[],
    waiting: [] as Buffer[],
    bytes: 0,
  }));

  constructor(
    private readonly file: ScratchFile,
    private readonly fields: number,
    private readonly depth: number,
  ) {}

  *add(key: string, { id, inputs }: Member): Generator<Pulse, void> {
    // Another hash at every depth, or a part would be its own part again.
    const hash = createHash('sha1').update(`${this.depth}${key}`).digest();
    const part = this.parts[(hash[0] as number) % partCount] as (typeof this.parts)[number];
    const row = encode(new Map<string, Value>([['_', id], ...inputs.flatMap(given)]));
    part.waiting.push(row);
    part.bytes += row.length;
    if (part.bytes > waitingBytes) yield* this.write(part);
  }

  /** The members of each part, in the order in which they came. */
  *close(): Generator<Pulse, Iterable<Member>[]> {
    for (const part of this.parts) yield* this.write(part);
    return this.parts.filter(({ runs }) => runs.length > 0).map(({ runs }) => this.read(runs));
  }

  private *write(part: (typeof this.parts)[number]): Generator<Pulse, void> {
    if (part.waiting.length > 0) part.runs.push(yield* this.file.write(part.waiting));
    part.waiting = [];
    part.bytes = 0;
  }

  private *read(runs: Run[]): Generator<Member> {
    for (const run of runs)
      for (const row of this.file.read(run)) {
        const doc = decodeStored(Buffer.from(row));
        const inputs = Array.from({ length: this.fields }, (_unused, at) => doc.get(String(at)));
        yield { id: doc.get('_') as Value, inputs };
      }
  }
}

/** What is missing is left out, and so is missing again when it is read. */
const given = (value: Value | undefined, at: number): [string, Value][] =>
  value === undefined ? [] : [[String(at), value]];
