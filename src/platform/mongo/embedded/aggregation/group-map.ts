import { compare } from '../bson/compare';
import { keyText } from '../bson/key';
import { isNumber, toDouble, typeNumber, type Value } from '../bson/value';

/** Something for each value, where equal values of any type are one. What most are is looked up as it is. */
export class GroupMap<T> {
  private readonly texts = new Map<string, T>();
  private readonly numbers = new Map<number, T>();
  private readonly dates = new Map<number, T>();
  private readonly others = new Map<string, T>();
  private all: T[] = [];

  get(value: Value): T | undefined {
    if (typeof value === 'string') return this.texts.get(value);
    const number = asDouble(value);
    if (number !== null) return this.numbers.get(number);
    if (value instanceof Date) return this.dates.get(value.getTime());
    return typeNumber(value) === symbol ? this.texts.get(String(value)) : this.others.get(keyText(value));
  }

  set(value: Value, one: T): void {
    this.all.push(one);
    const number = asDouble(value);
    if (typeof value === 'string') this.texts.set(value, one);
    else if (number !== null) this.numbers.set(number, one);
    else if (value instanceof Date) this.dates.set(value.getTime(), one);
    else if (typeNumber(value) === symbol) this.texts.set(String(value), one);
    else this.others.set(keyText(value), one);
  }

  clear(): void {
    for (const map of [this.texts, this.numbers, this.dates, this.others]) map.clear();
    this.all = [];
  }

  /** In the order in which they came. */
  values(): readonly T[] {
    return this.all;
  }
}

const symbol = 14;

/** Numbers of any type that are equal have one double, unless none says them exactly. */
function asDouble(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (!isNumber(value)) return null;
  const double = toDouble(value);
  return typeNumber(value) === 16 || compare(value, double) === 0 ? double : null;
}
