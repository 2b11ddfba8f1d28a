/** Calendar arithmetic on a local clock, given as ms as if it were UTC. */
export const dayMs = 86_400_000;

export interface DateParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

export function partsOf(local: number): DateParts {
  const date = new Date(local);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** Parts beyond their range carry over: month 14 is February of the next year. */
export function fromParts({
  year,
  month = 1,
  day = 1,
  hour = 0,
  minute = 0,
  second = 0,
  millisecond = 0,
}: Partial<DateParts> & { year: number }): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millisecond);
  return date.getTime();
}

export const dayNumber = (local: number): number => Math.floor(local / dayMs);
/** 1 is Sunday. */
export const dayOfWeek = (local: number): number => new Date(local).getUTCDay() + 1;
/** 1 is Monday. */
export const isoDayOfWeek = (local: number): number => new Date(local).getUTCDay() || 7;
export const dayOfYear = (local: number): number =>
  dayNumber(local) - dayNumber(fromParts({ year: partsOf(local).year })) + 1;
/** Weeks begin on Sunday; the days before the first one are week 0. */
export const weekOfYear = (local: number): number =>
  Math.floor((dayOfYear(local) + 7 - dayOfWeek(local)) / 7);

/** A week belongs to the year of its Thursday. */
const thursdayOf = (local: number): number => local + (4 - isoDayOfWeek(local)) * dayMs;
export const isoWeekYear = (local: number): number => partsOf(thursdayOf(local)).year;
export const isoWeek = (local: number): number => Math.floor((dayOfYear(thursdayOf(local)) - 1) / 7) + 1;

export function fromIsoWeek(year: number, week: number, day: number): number {
  const fourth = fromParts({ year, month: 1, day: 4 });
  return fourth + (1 - isoDayOfWeek(fourth) + (week - 1) * 7 + (day - 1)) * dayMs;
}

export const monthNumber = (local: number): number => partsOf(local).year * 12 + partsOf(local).month - 1;

/** Months later, on the same day or the last one that the month has. */
export function addMonths(local: number, months: number): number {
  const parts = partsOf(local);
  const target = parts.year * 12 + parts.month - 1 + months;
  const [year, month] = [Math.floor(target / 12), (((target % 12) + 12) % 12) + 1];
  const lastDay = partsOf(fromParts({ year, month: month + 1, day: 0 })).day;
  return fromParts({ ...parts, year, month, day: Math.min(parts.day, lastDay) });
}
