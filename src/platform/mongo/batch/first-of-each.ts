import { Batcher } from './batcher';

/**
 * Reads the first `most` rows of each of many keys in one round trip.
 * @param read answers at most `limit` rows of these keys, in order.
 */
export function firstOfEach<Row>(
  read: (keys: string[], limit: number) => Promise<Row[]>,
  keyOf: (row: Row) => string,
  most: number,
): Batcher<string, Row[]> {
  return new Batcher(async (keys) => {
    const limit = keys.length * most;
    const rows = await read(keys, limit);
    // One of them may have so many that others are cut off.
    if (keys.length > 1 && rows.length === limit)
      return Promise.all(keys.map(async (key) => ({ result: await read([key], most) })));
    const groups = new Map(keys.map((key) => [key, [] as Row[]]));
    for (const row of rows) groups.get(keyOf(row))?.push(row);
    return keys.map((key) => ({ result: (groups.get(key) ?? []).slice(0, most) }));
  });
}
