import { InvalidInput } from '../errors';

/** Where a page ended: its last row's sort time and id. */
export interface Position {
  at: Date;
  id: string;
}
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** @throws InvalidInput for a cursor that we did not give. */
export function readCursor(cursor: string | undefined): Position | null {
  if (cursor === undefined) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [ms, id] = parsed as [unknown, unknown];
    const at = new Date(typeof ms === 'number' ? ms : NaN);
    if (!Number.isNaN(at.getTime()) && typeof id === 'string') return { at, id };
  } catch {
    // Falls through: not one of ours.
  }
  throw new InvalidInput('cursor: not one that we gave');
}

/** Cuts the row that was read too many, which tells that there is a next page. */
export function pageOf<R, T>(
  rows: R[],
  limit: number,
  position: (row: R) => Position,
  view: (row: R) => T,
): Page<T> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last ? writeCursor(position(last)) : null;
  return { items: page.map(view), nextCursor };
}

/** By which field a list is sorted, and its ids after it. */
export type Order = Record<string, 1 | -1> & { _id: 1 | -1 };

/**
 * What comes behind a position of a list in this order. The bound beside the `$or` leaves out nothing that the `$or`
 * lets through: it is where an index can begin, on either engine.
 */
export function behind({ at, id }: Position, order: Order): object {
  const [field = '_id', direction] = Object.entries(order)[0] ?? [];
  const past = direction === 1 ? '$gt' : '$lt';
  const pastId = order._id === 1 ? '$gt' : '$lt';
  return {
    [field]: { [`${past}e`]: at },
    $or: [{ [field]: { [past]: at } }, { [field]: at, _id: { [pastId]: id } }],
  };
}

/** A page of a list that is short enough to be read whole; its cursor is a place in it. */
export function pageOfAll<T>(all: T[], { cursor, limit }: { cursor?: string; limit: number }): Page<T> {
  const from = readCursor(cursor)?.at.getTime() ?? 0;
  const end = from + limit;
  const nextCursor = end < all.length ? writeCursor({ at: new Date(end), id: '' }) : null;
  return { items: all.slice(from, end), nextCursor };
}

export const writeCursor = ({ at, id }: Position): string =>
  Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');
