import { StoreError } from '../error';
import { addMonths, dayMs, dayNumber, fromParts, monthNumber } from './calendar';
import { fromLocal, offsetAt, toLocal } from './zone';

/** Units that always have the same length. */
const fixedMs: Record<string, number> = { millisecond: 1, second: 1_000, minute: 60_000, hour: 3_600_000 };
const inDays: Record<string, number> = { day: 1, week: 7 };
const inMonths: Record<string, number> = { month: 1, quarter: 3, year: 12 };
const weekDays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Bins are counted from here, a Saturday. */
const reference = fromParts({ year: 2000 });
const referenceIsoDay = 6;

export const isUnit = (unit: string): boolean => unit in fixedMs || unit in inDays || unit in inMonths;

export interface TruncateOptions {
  unit: string;
  binSize: number;
  zone: string;
  startOfWeek: string;
}

/** The beginning of the bin in which a moment lies, on the zone's clock. */
export function truncateDate(ms: number, { unit, binSize, zone, startOfWeek }: TruncateOptions): number {
  const length = fixedMs[unit];
  if (length) {
    const start = fromLocal(zone, reference);
    return start + Math.floor((ms - start) / (length * binSize)) * length * binSize;
  }
  const local = toLocal(zone, ms);
  const days = inDays[unit];
  if (days) {
    const first = dayNumber(reference) + (unit === 'week' ? daysToWeekStart(startOfWeek) : 0);
    const bin = Math.floor((dayNumber(local) - first) / (days * binSize));
    return fromLocal(zone, (first + bin * days * binSize) * dayMs);
  }
  const months = (inMonths[unit] ?? 1) * binSize;
  const bin = Math.floor((monthNumber(local) - 2000 * 12) / months);
  return fromLocal(zone, addMonths(reference, bin * months));
}

const daysToWeekStart = (day: string): number => (weekDayOf(day) - referenceIsoDay + 7) % 7;

function weekDayOf(day: string): number {
  const at = weekDays.findIndex(
    (name) => name === day.toLowerCase() || name.slice(0, 3) === day.toLowerCase(),
  );
  if (at < 0) throw new StoreError(9, `unknown day of week value: ${day}`);
  return at + 1;
}

/** Hours and less are added to the moment, days and more to the zone's clock. */
export function addToDate(ms: number, unit: string, amount: number, zone: string): number {
  const length = fixedMs[unit];
  if (length) return ms + amount * length;
  const local = toLocal(zone, ms);
  const days = inDays[unit];
  return fromLocal(
    zone,
    days ? local + amount * days * dayMs : addMonths(local, amount * (inMonths[unit] ?? 1)),
  );
}

/** How many boundaries of a unit lie between two moments. */
export function dateDifference(
  from: number,
  to: number,
  { unit, zone, startOfWeek }: Omit<TruncateOptions, 'binSize'>,
): number {
  const length = fixedMs[unit];
  if (length) {
    const offset = offsetAt(zone, from);
    return Math.floor((to + offset) / length) - Math.floor((from + offset) / length);
  }
  const [start, end] = [toLocal(zone, from), toLocal(zone, to)];
  if (unit === 'day') return dayNumber(end) - dayNumber(start);
  // The first day of the epoch was a Thursday.
  const weeks = (local: number) => Math.floor((dayNumber(local) + 4 - weekDayOf(startOfWeek)) / 7);
  if (unit === 'week') return weeks(end) - weeks(start);
  const months = inMonths[unit] ?? 1;
  return Math.floor(monthNumber(end) / months) - Math.floor(monthNumber(start) / months);
}
