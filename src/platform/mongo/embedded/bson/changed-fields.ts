import { endOfName, endOfValue, nameAt } from './layout';

/** The names of the top fields by which two documents differ. What is the same from the beginning is passed over. */
export function changedFields(before: Buffer, after: Buffer): Set<string> {
  const same = sameUntil(before, after);
  const [old, now] = [fieldsFrom(before, same), fieldsFrom(after, same)];
  const changed = new Set<string>();
  for (const [name, field] of now) {
    const was = old.get(name);
    const isSame = was && after.compare(before, was.from, was.to, field.from, field.to) === 0;
    if (!isSame) changed.add(name);
  }
  for (const name of old.keys()) if (!now.has(name)) changed.add(name);
  return changed;
}

/** The place of the first field that is not the same in both. */
function sameUntil(before: Buffer, after: Buffer): number {
  const end = Math.min(before.length, after.length) - 1;
  let at = 4;
  while (at < end) {
    const next = endOfField(before, at);
    if (next > end || before.compare(after, at, next, at, next) !== 0) return at;
    at = next;
  }
  return at;
}

function fieldsFrom(bytes: Buffer, start: number): Map<string, { from: number; to: number }> {
  const fields = new Map<string, { from: number; to: number }>();
  for (let at = start; at < bytes.length - 1;) {
    const next = endOfField(bytes, at);
    const name = nameAt(bytes, at + 1, endOfName(bytes, at + 1));
    // A name that comes twice: the first counts.
    if (!fields.has(name)) fields.set(name, { from: at, to: next });
    at = next;
  }
  return fields;
}

const endOfField = (bytes: Buffer, at: number): number =>
  endOfValue(bytes[at] as number, bytes, endOfName(bytes, at + 1) + 1);
