import type { Value } from './value';

/** `Map` makes room for entries at once, which costs more than all else about a document that is read once. */
const Shape = function () {} as unknown as new () => Map<string, Value>;
Shape.prototype = Map.prototype;

/** A map that makes its entries when more is asked than one of them. */
export abstract class LightMap extends Shape {
  protected entriesMade: Map<string, Value> | null = null;

  /** All entries, once. */
  protected abstract make(): Map<string, Value>;

  protected get whole(): Map<string, Value> {
    return (this.entriesMade ??= this.make());
  }

  override has(key: string): boolean {
    return this.entriesMade ? this.entriesMade.has(key) : this.get(key) !== undefined;
  }

  override set(key: string, value: Value): this {
    this.whole.set(key, value);
    return this;
  }

  override delete(key: string): boolean {
    return this.has(key) && this.whole.delete(key);
  }

  override clear(): void {
    this.entriesMade = new Map();
  }

  override get size(): number {
    return this.whole.size;
  }

  override keys() {
    return this.whole.keys();
  }

  override values() {
    return this.whole.values();
  }

  override entries() {
    return this.whole.entries();
  }

  override [Symbol.iterator]() {
    return this.whole.entries();
  }

  override forEach(visit: (value: Value, key: string, map: Map<string, Value>) => void): void {
    for (const [key, value] of this) visit(value, key, this);
  }
}
