import { valueAt } from './decode';
import { endOfName, endOfValue, isNameAt, nameAt } from './layout';
import { LightMap } from './light-map';
import type { Value } from './value';

/** Gets one field of the bytes: its type and name, and from where to where its value goes. False ends the walk. */
type Visit = (type: number, nameFrom: number, from: number, to: number) => boolean | void;

const ascii = /^[\x01-\x7f]*$/;

export const firstKeyOf = (doc: Map<string, Value>): string | undefined =>
  doc instanceof LazyDocument ? doc.firstKey : doc.keys().next().value;

/**
 * A document that stays the bytes that it is until more is asked of it. `get` reads one field and passes over the
 * others; fields that are set lie over the bytes; only going through it reads it whole.
 * What `get` gives is a copy as long as the document has not been read whole: change a value by setting it.
 */
export class LazyDocument extends LightMap {
  private over: Map<string, Value> | null = null;

  constructor(
    readonly bytes: Buffer,
    readonly start: number,
    readonly end: number,
    /** How deep it is nested, where that is known. */
    readonly depth: number | null = null,
  ) {
    super();
  }

  /** Has it been read whole? Then the map itself has the fields, and the bytes may no longer say what it is. */
  get isWhole(): boolean {
    return this.entriesMade !== null;
  }

  /** The fields that were set while the others are still bytes. */
  get changes(): ReadonlyMap<string, Value> | null {
    return this.over;
  }

  /** The same document, to be changed by itself. */
  copy(): LazyDocument {
    const made = new LazyDocument(this.bytes, this.start, this.end);
    if (this.entriesMade) made.entriesMade = new Map(this.entriesMade);
    else if (this.over) made.over = new Map(this.over);
    return made;
  }

  get firstKey(): string | undefined {
    if (this.entriesMade) return this.entriesMade.keys().next().value;
    if (this.end - this.start > 5)
      return nameAt(this.bytes, this.start + 5, endOfName(this.bytes, this.start + 5));
    return this.over?.keys().next().value;
  }

  /** Each field of the bytes. */
  walk(visit: Visit): void {
    const { bytes, end } = this;
    for (let at = this.start + 4; at < end - 1;) {
      const type = bytes[at] as number;
      const nameEnd = endOfName(bytes, at + 1);
      const next = endOfValue(type, bytes, nameEnd + 1);
      if (visit(type, at + 1, nameEnd + 1, next) === false) return;
      at = next;
    }
  }

  /** The fields of these names, in the order of the document; the others are not read. */
  among(names: { has(name: string): boolean }): Iterable<[string, Value]> {
    if (this.entriesMade || this.over) return [...this].filter(([key]) => names.has(key));
    const { bytes } = this;
    const found = new Map<string, Value>();
    this.walk((type, nameFrom, from, to) => {
      const name = nameAt(bytes, nameFrom, from - 1);
      if (names.has(name) && !found.has(name)) found.set(name, valueAt(type, bytes, from, to));
    });
    return found;
  }

  override get(key: string): Value | undefined {
    if (this.entriesMade) return this.entriesMade.get(key);
    const set = this.over?.get(key);
    return set === undefined ? this.find(key) : set;
  }

  private find(key: string): Value | undefined {
    const { bytes, end } = this;
    for (let at = this.start + 4; at < end - 1;) {
      const type = bytes[at] as number;
      const nameEnd = endOfName(bytes, at + 1);
      const next = endOfValue(type, bytes, nameEnd + 1);
      if (isNameAt(key, bytes, at + 1, nameEnd)) return valueAt(type, bytes, nameEnd + 1, next);
      at = next;
    }
    return ascii.test(key) ? undefined : this.whole.get(key);
  }

  protected make(): Map<string, Value> {
    const made = new Map<string, Value>();
    const { bytes } = this;
    this.walk((type, nameFrom, from, to) => {
      const name = nameAt(bytes, nameFrom, from - 1);
      // A name that comes twice: the first counts, as it does for `get`.
      if (!made.has(name)) made.set(name, valueAt(type, bytes, from, to));
    });
    if (this.over) for (const [key, value] of this.over) made.set(key, value);
    this.over = null;
    return made;
  }

  override set(key: string, value: Value): this {
    if (this.entriesMade) return super.set(key, value);
    this.over ??= new Map();
    this.over.set(key, value);
    return this;
  }
}
