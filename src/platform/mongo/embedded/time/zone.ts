import { StoreError } from '../error';

const minuteMs = 60_000;
const fixed = /^([+-])(\d\d)(?::?(\d\d))?$/;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** How far a zone's clock is ahead of UTC at a moment, in ms. @throws StoreError for a zone that is not known. */
export function offsetAt(zone: string, ms: number): number {
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0;
  const [, sign, hours, minutes = '0'] = fixed.exec(zone) ?? [];
  if (sign) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs;
  const parts = formatterOf(zone).formatToParts(ms);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const year = parts.find(({ type }) => type === 'era')?.value === 'BC' ? 1 - part('year') : part('year');
  const local = new Date(0);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return local.getTime() - Math.floor(ms / 1_000) * 1_000;
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const options = {
    timeZone: zone, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric',
    hour: 'numeric', minute: 'numeric', second: 'numeric',
  } as const; // prettier-ignore
  try {
    const formatter = new Intl.DateTimeFormat('en-US', options);
    formatters.set(zone, formatter);
    return formatter;
  } catch {
    throw new StoreError(40485, `unrecognized time zone identifier: "${zone}"`);
  }
}

/** The zone's clock as if it were UTC: calendar arithmetic happens there. */
export const toLocal = (zone: string, ms: number): number => ms + offsetAt(zone, ms);

/** Back from the zone's clock. A time that a clock change skips is read with the offset before it. */
export function fromLocal(zone: string, local: number): number {
  const before = offsetAt(zone, local - 24 * 60 * minuteMs);
  for (const offset of [before, offsetAt(zone, local - before)])
    if (offsetAt(zone, local - offset) === offset) return local - offset;
  return local - before;
}
