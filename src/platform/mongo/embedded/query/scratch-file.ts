import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pulse } from '../storage/slices';

/** Rows that were written together. */
export interface Run {
  start: number;
  end: number;
}

const blockBytes = 256 * 1024;

/** A file without a name, in the system's temporary folder: it is gone when it is closed or its process dies. */
export class ScratchFile {
  private readonly file: number;
  private end = 0;

  constructor() {
    const path = join(tmpdir(), `parley-scratch-${randomUUID()}`);
    this.file = openSync(path, 'wx+', 0o600);
    rmSync(path, { force: true });
  }

  /** Writes rows one behind the other, with pulses on the way. A row begins with its length, as a document does. */
  *write(rows: Iterable<Buffer>): Generator<Pulse, Run> {
    const start = this.end;
    let [block, bytes]: [Buffer[], number] = [[], 0];
    for (const row of rows) {
      block.push(row);
      bytes += row.length;
      if (bytes < blockBytes) continue;
      this.append(Buffer.concat(block));
      [block, bytes] = [[], 0];
      yield null;
    }
    this.append(Buffer.concat(block));
    return { start, end: this.end };
  }

  /** The rows of a run, as they were written. */
  *read({ start, end }: Run): Generator<Buffer> {
    let [rest, at]: [Buffer, number] = [Buffer.alloc(0), start];
    while (at < end || rest.length > 0) {
      const length = rest.length < 4 ? Infinity : rest.readInt32LE(0);
      if (rest.length >= length) {
        yield rest.subarray(0, length);
        rest = rest.subarray(length);
        continue;
      }
      const wanted = Math.min(end - at, Math.max(blockBytes, length === Infinity ? 0 : length - rest.length));
      const block = Buffer.allocUnsafe(wanted);
      if (readSync(this.file, block, 0, wanted, at) < wanted)
        throw new RangeError('a scratch file is cut off');
      rest = Buffer.concat([rest, block]);
      at += wanted;
    }
  }

  close(): void {
    closeSync(this.file);
  }

  private append(bytes: Buffer): void {
    for (let written = 0; written < bytes.length;)
      written += writeSync(this.file, bytes, written, bytes.length - written, this.end + written);
    this.end += bytes.length;
  }
}
