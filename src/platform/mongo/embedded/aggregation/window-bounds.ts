import { add } from '../bson/arithmetic';
import { compare } from '../bson/compare';
import { isDoc, isNumber, toDouble, type Value } from '../bson/value';
import { StoreError } from '../error';
import { shiftDate } from '../expression/dates';
import { sortValue, type SortField } from '../query/sort';
import type { Pulse } from '../storage/slices';
import { numberOf, type Partition } from './window-functions';

/** The first and last place of the window of a place. Asked for one place after the other, neither goes back. */
export interface Bounds {
  /** Does every window begin with the first document? */
  fromFirst: boolean;
  at(place: number): Generator<Pulse, [number, number]> | [number, number];
}
type BoundsOf = (partition: Partition) => Bounds;

export function boundsOf(window: Value | undefined, sort: SortField[]): BoundsOf {
  if (window === undefined || (isDoc(window) && window.size === 0)) return byPlace('unbounded', 'unbounded');
  if (!isDoc(window)) throw new StoreError(9, "'window' field must be an object");
  const documents = pairOf(window.get('documents'));
  if (documents) return byPlace(...documents);
  const range = pairOf(window.get('range'));
  if (!range) throw new StoreError(9, "'window' field must have 'documents' or 'range'");
  const [field] = sort;
  if (!field || sort.length > 1)
    throw new StoreError(5339902, 'Range-based window require sortBy a single field');
  return byValue(range, window.get('unit'), field);
}

const byPlace =
  (from: Value, to: Value): BoundsOf =>
  ({ rows }) => ({
    fromFirst: from === 'unbounded',
    at: (place) => [
      from === 'unbounded' ? 0 : Math.max(0, place + numberOf(from)),
      to === 'unbounded' ? rows.length - 1 : Math.min(rows.length - 1, place + numberOf(to)),
    ],
  });

const pulseEvery = 100;

/** The documents are in the order of the field: both ends only go on. */
function byValue([from, to]: [Value, Value], unit: Value | undefined, field: SortField): BoundsOf {
  const { path, direction } = field;
  return ({ rows }) => {
    const valueAt = (place: number): Value => sortValue(rows.get(place), path, direction);
    let [first, next] = [0, 0];
    function* move(start: number, isBehind: (value: Value) => boolean): Generator<Pulse, number> {
      let place = start;
      while (place < rows.length && !isBehind(valueAt(place))) if (++place % pulseEvery === 0) yield null;
      return place;
    }
    return {
      fromFirst: from === 'unbounded',
      *at(place) {
        const own = valueAt(place);
        if (from !== 'unbounded') {
          const low = shifted(own, from, unit);
          first = yield* move(first, (value) => compare(value, low) * direction >= 0);
        }
        if (to === 'unbounded') next = rows.length;
        else {
          const high = shifted(own, to, unit);
          next = yield* move(next, (value) => compare(value, high) * direction > 0);
        }
        return [first, next - 1];
      },
    };
  };
}

function shifted(value: Value, by: Value, unit: Value | undefined): Value {
  if (by === 'current') return value;
  if (value instanceof Date && typeof unit === 'string') return shiftDate(value, unit, by);
  if (isNumber(value) && isNumber(by)) return add(value, by) ?? toDouble(value) + toDouble(by);
  throw new StoreError(5429414, 'Invalid range: the sortBy field must be a number, or a date with a unit');
}

function pairOf(value: Value | undefined): [Value, Value] | null {
  if (value === undefined) return null;
  if (!Array.isArray(value) || value.length !== 2)
    throw new StoreError(9, 'Window bounds must be a 2-element array');
  return value as [Value, Value];
}
