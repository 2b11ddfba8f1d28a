import { isDoc, Undefined, type Doc, type Value } from '../bson/value';
import { StoreError } from '../error';

/** Where two arrays stand beside each other: the keys would be all their pairs. */
type Refuse = () => never;

/** The values of some paths where no array is on the way; else null. */
export function plainValues(doc: Doc, paths: string[][]): Value[] | null {
  const values: Value[] = [];
  for (const keys of paths) {
    let value: Value | undefined = doc;
    for (const key of keys) value = isDoc(value) ? value.get(key) : Array.isArray(value) ? value : undefined;
    if (Array.isArray(value)) return null;
    values.push(value ?? null);
  }
  return values;
}

/**
 * What a document is indexed and sorted by: one list of values for each key. Fields inside one array are taken from the
 * same item of it. Nothing is null, and an empty array comes before it.
 */
export function keyValues(doc: Value | undefined, paths: string[][], refuse: Refuse): Value[][] {
  const heads = new Map<string, number[]>();
  paths.forEach(([key = ''], at) => heads.set(key, [...(heads.get(key) ?? []), at]));
  let combined: Value[][] = [paths.map(() => null)];
  let arrays = 0;
  for (const [key, places] of heads) {
    const value = isDoc(doc) ? doc.get(key) : undefined;
    const rests = places.map((at) => (paths[at] as string[]).slice(1));
    if (Array.isArray(value) && ++arrays > 1) refuse();
    combined = crossed(combined, places, below(value, rests, refuse));
  }
  return combined;
}

/** Each list with each of the others put into it, at these places. */
function crossed(lists: Value[][], places: number[], others: Value[][]): Value[][] {
  return lists.flatMap((list) =>
    others.map((other) => {
      const next = [...list];
      places.forEach((place, at) => (next[place] = other[at] as Value));
      return next;
    }),
  );
}

/** What a value holds at each of the rests of some paths; a rest that is empty means the value itself. */
function below(value: Value | undefined, rests: string[][], refuse: Refuse): Value[][] {
  if (!Array.isArray(value)) return within(value, rests, refuse);
  const isPlace = ([key]: string[]) => key !== undefined && /^\d+$/.test(key) && Number(key) < value.length;
  const [placed, others] = [rests.filter(isPlace), rests.filter((rest) => !isPlace(rest))];
  if (placed.length === 0) return ofItems(value, rests, refuse);
  placed.forEach(([key = '']) => refuseAmbiguous(value, key));
  const at = (some: string[][]) => some.map((rest) => rests.indexOf(rest));
  // A path such as `a.0.b` leads to one item, whatever item the other fields are taken from.
  const items: Doc = new Map(value.map((item, place) => [String(place), item]));
  const ofPlaces = crossed([rests.map(() => null)], at(placed), keyValues(items, placed, refuse));
  return others.length === 0 ? ofPlaces : crossed(ofPlaces, at(others), ofItems(value, others, refuse));
}

function ofItems(list: Value[], rests: string[][], refuse: Refuse): Value[][] {
  if (list.length === 0) return [rests.map((rest) => (rest.length === 0 ? new Undefined() : null))];
  return list.flatMap((item) =>
    Array.isArray(item)
      ? [rests.map((rest) => (rest.length === 0 ? item : null))]
      : within(item, rests, refuse),
  );
}

function within(value: Value | undefined, rests: string[][], refuse: Refuse): Value[][] {
  const deeper = rests.flatMap((rest, at) => (rest.length > 0 ? [at] : []));
  const whole = rests.map((rest) => (rest.length === 0 ? (value ?? null) : null));
  if (deeper.length === 0) return [whole];
  const paths = deeper.map((at) => rests[at] as string[]);
  return crossed([whole], deeper, keyValues(isDoc(value) ? value : undefined, paths, refuse));
}

function refuseAmbiguous(list: Value[], key: string): void {
  if (list.some((item) => isDoc(item) && item.has(key)))
    throw new StoreError(
      16746,
      `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${key}'`,
    );
}
