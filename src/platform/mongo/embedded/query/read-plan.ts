import type { Collection } from '../storage/collection';
import type { Pulse } from '../storage/slices';
import { recordIdOf } from '../storage/table';
import { PlaceInRange } from './place-in-range';
import type { IndexPlan, KeyRange } from './planner';

const pulseEvery = 100;

/** `expected`: how many records will be asked for. `examined` counts the keys that were looked at. */
interface Reading {
  expected: number | undefined;
  examined: { keys: number };
}

/** The records of a plan as its ranges give them; one can come from several. */
export function readPlan(
  collection: Collection,
  plan: IndexPlan,
  { expected, examined }: Reading,
): Iterable<number | Pulse> {
  const ranges = plan.ranges.filter(({ from, to }) => Buffer.compare(from, to) < 0);
  if (plan.reading === 'common')
    return ranges.length < plan.ranges.length ? [] : inAll(collection, plan, ranges, examined);
  const records =
    plan.reading === 'merged'
      ? merged(collection, plan, ranges, expected)
      : inTurn(collection, plan, ranges, expected);
  return counted(records, examined);
}

function* counted(records: Iterable<number>, examined: { keys: number }): Generator<number> {
  for (const record of records) {
    examined.keys++;
    yield record;
  }
}

function* inTurn(
  collection: Collection,
  { index, reverse }: IndexPlan,
  ranges: KeyRange[],
  expected?: number,
): Generator<number> {
  for (const { from, to } of ranges) yield* collection.scanIndex(index, from, to, reverse, expected);
}

/** Where a range has come to: what is left of its next entry without what all its keys begin with. */
interface Head {
  rest: Buffer;
  entries: Iterator<Buffer>;
  shared: number;
}

/** The ranges side by side, in the order of what follows in their keys. The next head stands last. */
function* merged(
  collection: Collection,
  { index, reverse }: IndexPlan,
  ranges: KeyRange[],
  expected?: number,
): Generator<number> {
  const direction = reverse ? -1 : 1;
  const heads: Head[] = [];
  const advance = ({ entries, shared }: Omit<Head, 'rest'>) => {
    const { value, done } = entries.next();
    if (done) return;
    const rest = value.subarray(shared);
    heads.splice(
      placeFor(heads, (head) => Buffer.compare(head.rest, rest) * direction > 0),
      0,
      { rest, entries, shared },
    );
  };
  for (const { from, to, shared } of ranges)
    advance({ entries: collection.scanEntries(index, from, to, reverse, expected), shared });
  for (let head = heads.pop(); head; head = heads.pop()) {
    yield recordIdOf(head.rest);
    advance(head);
  }
}

/** Behind all that come later: those stand first. */
function placeFor(heads: Head[], comesLater: (head: Head) => boolean): number {
  let [low, high] = [0, heads.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comesLater(heads[middle] as Head)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What stands in every range. Each is asked for its first entry from the farthest place that another has come to, so
 * that most of what only one of them has is passed over unread.
 */
function* inAll(
  collection: Collection,
  plan: IndexPlan,
  ranges: KeyRange[],
  examined: { keys: number },
): Generator<number | Pulse> {
  const places = ranges.map((range) => new PlaceInRange(collection, plan, range));
  const at = (look: number) => places[look % places.length] as PlaceInRange;
  let candidate = at(0).from(null);
  for (let [look, agreed] = [1, 1]; candidate; look++) {
    examined.keys++;
    if (agreed === places.length) {
      yield recordIdOf(candidate);
      candidate = at(look).after(candidate);
      agreed = 1;
    } else {
      const found = at(look).from(candidate);
      agreed = found?.equals(candidate) ? agreed + 1 : 1;
      candidate = found;
    }
    if (look % pulseEvery === 0) yield null;
  }
}
