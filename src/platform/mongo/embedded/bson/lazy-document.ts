import { valueAt } from './decode';
import { endOfName, endOfValue, isNameAt, nameAt } from './layout';
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
export class LazyDocument extends Map<string, Value> {
  private whole = false;
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
    return this.whole;
  }

  /** The fields that were set while the others are still bytes. */
  get changes(): ReadonlyMap<string, Value> | null {
    return this.over;
  }

  /** The same document, to be changed by itself. */
  copy(): LazyDocument {
    const made = new LazyDocument(this.bytes, this.start, this.end);
    if (this.whole) {
      made.whole = true;
      for (const [key, value] of super.entries()) made.set(key, value);
    } else if (this.over) made.over = new Map(this.over);
    return made;
  }

  get firstKey(): string | undefined {
    if (this.whole) return super.keys().next().value;
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
    if (this.whole || this.over) return [...this].filter(([key]) => names.has(key));
    const { bytes } = this;
    const found = new Map<string, Value>();
    this.walk((type, nameFrom, from, to) => {
      const name = nameAt(bytes, nameFrom, from - 1);
      if (names.has(name) && !found.has(name)) found.set(name, valueAt(type, bytes, from, to));
    });
    return found;
  }

  override get(key: string): Value | undefined {
    if (this.whole) return super.get(key);
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
    return ascii.test(key) ? undefined : this.readWhole().get(key);
  }

  private readWhole(): this {
    if (this.whole) return this;
    this.whole = true;
    const { bytes } = this;
    this.walk((type, nameFrom, from, to) => {
      const name = nameAt(bytes, nameFrom, from - 1);
      // A name that comes twice: the first counts, as it does for `get`.
      if (!super.has(name)) super.set(name, valueAt(type, bytes, from, to));
    });
    if (this.over) for (const [key, value] of this.over) super.set(key, value);
    this.over = null;
    return this;
  }

  override has(key: string): boolean {
    return this.whole ? super.has(key) : this.get(key) !== undefined;
  }

  override set(key: string, value: Value): this {
    if (this.whole) return super.set(key, value);
    this.over ??= new Map();
    this.over.set(key, value);
    return this;
  }

  override delete(key: string): boolean {
    if (!this.has(key)) return false;
    this.readWhole();
    return super.delete(key);
  }

  override clear(): void {
    this.whole = true;
    super.clear();
  }

  override get size(): number {
    this.readWhole();
    return super.size;
  }

  override keys() {
    this.readWhole();
    return super.keys();
  }

  override values() {
    this.readWhole();
    return super.values();
  }

  override entries() {
    this.readWhole();
    return super.entries();
  }

  override [Symbol.iterator]() {
    return this.entries();
  }

  override forEach(visit: (value: Value, key: string, map: Map<string, Value>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }
}
