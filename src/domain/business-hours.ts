/** Opening hours; null is always open. `from` and `to` are local `HH:MM`. */
export interface Hours {
  timeZone: string;
  week: Partial<Record<Weekday, [from: string, to: string][]>>;
  holidays: string[];
  /** Open although their weekday is not (调休), with the hours of the first open weekday. */
  workdays: string[];
}
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
export type Calendar = Hours | null;

const weekdays: Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const dayMs = 24 * 3_600_000;
/** A calendar that opens less than once in so many days promises nothing sensible. */
const longestSearchDays = 800;

interface Period {
  startMs: number;
  endMs: number;
}

export function isOpenAt(calendar: Calendar, at: Date): boolean {
  if (!calendar) return true;
  const ms = at.getTime();
  return periodsOn(calendar, localDay(calendar.timeZone, ms)).some(
    ({ startMs, endMs }) => startMs <= ms && ms < endMs,
  );
}

/** The next moment of opening; `at` itself when it is open then. Null when it never opens. */
export function nextOpening(calendar: Calendar, at: Date): Date | null {
  if (isOpenAt(calendar, at)) return at;
  for (const period of periodsFrom(calendar, at.getTime()))
    return new Date(Math.max(period.startMs, at.getTime()));
  return null;
}

/** The moment at which so many open milliseconds have passed since `from`. */
export function addBusinessMs(calendar: Calendar, from: Date, ms: number): Date {
  if (!calendar || ms <= 0) return new Date(from.getTime() + Math.max(0, ms));
  let leftMs = ms;
  for (const period of periodsFrom(calendar, from.getTime())) {
    const startMs = Math.max(period.startMs, from.getTime());
    if (period.endMs - startMs >= leftMs) return new Date(startMs + leftMs);
    leftMs -= period.endMs - startMs;
  }
  return new Date(from.getTime() + longestSearchDays * dayMs);
}

/** Open milliseconds between two moments; 0 when `to` is not after `from`. */
export function businessMsBetween(calendar: Calendar, from: Date, to: Date): number {
  const [fromMs, toMs] = [from.getTime(), to.getTime()];
  if (!calendar) return Math.max(0, toMs - fromMs);
  let totalMs = 0;
  for (const { startMs, endMs } of periodsFrom(calendar, fromMs)) {
    if (startMs >= toMs) break;
    totalMs += Math.min(endMs, toMs) - Math.max(startMs, fromMs);
  }
  return totalMs;
}

/** The last local midnight. */
export function startOfDay(timeZone: string, at: Date): Date {
  return new Date(toUtc(timeZone, localDay(timeZone, at.getTime()), '00:00'));
}

/** Opening periods that end after `fromMs`, in order. */
function* periodsFrom(calendar: Calendar, fromMs: number): Generator<Period> {
  if (!calendar) return;
  let day = localDay(calendar.timeZone, fromMs);
  for (let count = 0; count < longestSearchDays; count++) {
    for (const period of periodsOn(calendar, day)) if (period.endMs > fromMs) yield period;
    day = nextDay(day);
  }
}

function periodsOn(hours: Hours, day: string): Period[] {
  return joined(hoursOn(hours, day)).map(([from, to]) => ({
    startMs: toUtc(hours.timeZone, day, from),
    endMs: to === '24:00' ? toUtc(hours.timeZone, nextDay(day), '00:00') : toUtc(hours.timeZone, day, to),
  }));
}

/** In order, and no minute twice, however they were typed. */
function joined(periods: [from: string, to: string][]): [from: string, to: string][] {
  const result: [from: string, to: string][] = [];
  for (const [from, to] of [...periods].sort(([a], [b]) => a.localeCompare(b))) {
    const last = result.at(-1);
    if (!last || from > last[1]) result.push([from, to]);
    else if (to > last[1]) last[1] = to;
  }
  return result;
}

function hoursOn(hours: Hours, day: string): [string, string][] {
  if (hours.holidays.includes(day)) return [];
  const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? 'mon';
  const own = hours.week[weekday] ?? [];
  if (own.length > 0 || !hours.workdays.includes(day)) return own;
  return (
    [...weekdays.slice(1), 'sun' as const]
      .map((name) => hours.week[name] ?? [])
      .find((list) => list.length > 0) ?? []
  );
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
}

/** The local date of a moment, `YYYY-MM-DD`. */
function localDay(timeZone: string, ms: number): string {
  return new Date(ms + offsetMs(timeZone, ms)).toISOString().slice(0, 10);
}

/** The moment of a local time. In the hour that a change of clocks skips, the moment after it. */
function toUtc(timeZone: string, day: string, time: string): number {
  const localMs = Date.parse(`${day}T${time}:00Z`);
  const guess = localMs - offsetMs(timeZone, localMs);
  return localMs - offsetMs(timeZone, guess);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far local time is ahead of UTC at a moment. */
function offsetMs(timeZone: string, ms: number): number {
  const format = formats.get(timeZone) ?? newFormat(timeZone);
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000;
}

function newFormat(timeZone: string): Intl.DateTimeFormat {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}
