import { headerBytes, largestMessage } from './message';

const smallestMessage = headerBytes + 5;

/** Cuts what a socket brings into messages. What is not whole waits; nothing is copied twice. */
export class Frames {
  private chunks: Buffer[] = [];
  private bytes = 0;
  private wanted = headerBytes;

  /** @throws RangeError for a length that no message has. */
  *add(chunk: Buffer): Generator<Buffer> {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    while (this.bytes >= this.wanted) {
      const all =
        this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks, this.bytes);
      this.chunks = [all];
      const length = all.readInt32LE(0);
      if (length < smallestMessage || length > largestMessage)
        throw new RangeError(`message of ${length} bytes`);
      this.wanted = length;
      if (this.bytes < length) return;
      this.chunks = [all.subarray(length)];
      this.bytes -= length;
      this.wanted = headerBytes;
      yield all.subarray(0, length);
    }
  }
}
