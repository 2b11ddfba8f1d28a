import { createHash, randomBytes } from 'node:crypto';

/** A new random id: a short prefix that names the kind, and 132 random bits. */
export const newId = (prefix: string): string =>
  `${prefix}_${randomBytes(17).toString('base64url').slice(0, 22)}`;

/** The id that the same parts always give: what makes a repeated effect harmless. */
export function derivedId(prefix: string, ...parts: string[]): string {
  const hash = createHash('sha256').update(parts.map((part) => `${part.length}:${part}`).join('|'));
  return `${prefix}_${hash.digest('base64url').slice(0, 22)}`;
}

let last = { ms: 0, count: 0 };

/** An id that sorts by time; within a process also inside one millisecond. */
export function sortableId(now: Date): string {
  const ms = Math.max(now.getTime(), last.ms);
  last = { ms, count: ms === last.ms ? last.count + 1 : 0 };
  const time = ms.toString(36).padStart(9, '0');
  return `${time}${last.count.toString(36).padStart(5, '0')}${randomBytes(4).toString('hex')}`;
}
