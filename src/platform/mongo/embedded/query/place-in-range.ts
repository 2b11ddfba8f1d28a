import type { Collection } from '../storage/collection';
import type { IndexPlan, KeyRange } from './planner';

const entriesAtOnce = 32;

/**
 * A place in a range of an index that only goes on, in the direction of its plan. Entries are without the bytes that all
 * of the range share.
 */
export class PlaceInRange {
  /** What was read ahead, and whether the range ends with it. */
  private ahead: Buffer[] = [];
  private isLast = false;

  constructor(
    private readonly collection: Collection,
    private readonly plan: IndexPlan,
    private readonly range: KeyRange,
  ) {}

  /** The first entry that does not come before this one; of all, without one. */
  from(entry: Buffer | null): Buffer | null {
    return this.first(entry, (order) => order >= 0);
  }

  after(entry: Buffer): Buffer | null {
    return this.first(entry, (order) => order > 0);
  }

  private first(entry: Buffer | null, suits: (order: number) => boolean): Buffer | null {
    const direction = this.plan.reverse ? -1 : 1;
    const isBehind = (one: Buffer) => !entry || suits(Buffer.compare(one, entry) * direction);
    const found = this.ahead.find(isBehind);
    if (found ?? this.isLast) return found ?? null;
    this.ahead = this.read(entry);
    this.isLast = this.ahead.length < entriesAtOnce;
    // The entry itself can be the one that is not wanted.
    return this.ahead.find(isBehind) ?? null;
  }

  private read(entry: Buffer | null): Buffer[] {
    const { from, to, shared } = this.range;
    const { index, reverse } = this.plan;
    const key = entry && Buffer.concat([from.subarray(0, shared), entry]);
    const start = key && !reverse ? key : from;
    const end = key && reverse ? Buffer.concat([key, Buffer.of(0)]) : to;
    const entries: Buffer[] = [];
    for (const one of this.collection.scanEntries(index, start, end, reverse, entriesAtOnce)) {
      entries.push(one.subarray(shared));
      if (entries.length === entriesAtOnce) break;
    }
    return entries;
  }
}
