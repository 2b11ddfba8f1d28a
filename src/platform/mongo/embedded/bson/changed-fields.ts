import { endOfName, endOfValue, nameAt } from './layout';

/**
 * The names of the top fields by which two documents differ; of a name that comes twice it may say too much. As long as
 * both have the same names in the same order, they are gone through side by side.
 */
export function changedFields(before: Buffer, after: Buffer): Set<string> {
  const changed = new Set<string>();
  let [old, now] = [4, 4];
  while (old < before.length - 1 && now < after.length - 1) {
    const [oldEnd, nowEnd] = [endOfField(before, old), endOfField(after, now)];
    if (!isSame(before, old, oldEnd, after, now, nowEnd)) {
      const name = nameOf(after, now);
      if (nameOf(before, old) !== name) break;
      changed.add(name);
    }
    [old, now] = [oldEnd, nowEnd];
  }
  addOthers(changed, before, old, after, now);
  return changed;
}

/** What differs in the fields from these places on, whatever their order. */
function addOthers(changed: Set<string>, before: Buffer, old: number, after: Buffer, now: number): void {
  const were = fieldsFrom(before, old);
  const are = fieldsFrom(after, now);
  for (const [name, { from, to }] of are) {
    const was = were.get(name);
    if (!was || !isSame(before, was.from, was.to, after, from, to)) changed.add(name);
  }
  for (const name of were.keys()) if (!are.has(name)) changed.add(name);
}

function fieldsFrom(bytes: Buffer, start: number): Map<string, { from: number; to: number }> {
  const fields = new Map<string, { from: number; to: number }>();
  for (let at = start; at < bytes.length - 1;) {
    const next = endOfField(bytes, at);
    const name = nameOf(bytes, at);
    // A name that comes twice: the first counts.
    if (!fields.has(name)) fields.set(name, { from: at, to: next });
    at = next;
  }
  return fields;
}

/** Up to so many bytes a call of the built-in comparison costs more than a loop. */
const fewBytes = 64;

function isSame(
  one: Buffer,
  from: number,
  to: number,
  other: Buffer,
  otherFrom: number,
  otherTo: number,
): boolean {
  if (to - from !== otherTo - otherFrom) return false;
  if (to - from > fewBytes) return one.compare(other, otherFrom, otherTo, from, to) === 0;
  for (let at = from, beside = otherFrom; at < to; at++, beside++)
    if (one[at] !== other[beside]) return false;
  return true;
}

const nameOf = (bytes: Buffer, at: number): string => nameAt(bytes, at + 1, endOfName(bytes, at + 1));

const endOfField = (bytes: Buffer, at: number): number =>
  endOfValue(bytes[at] as number, bytes, endOfName(bytes, at + 1) + 1);
