import { StoreError } from '../error';
import { dayOfWeek, dayOfYear, isoDayOfWeek, isoWeek, isoWeekYear, partsOf, weekOfYear } from './calendar';
import { offsetAt } from './zone';

const two = (value: number): string => String(value).padStart(2, '0');
const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

const specifiers: Record<string, (local: number, offsetMinutes: number) => string> = {
  Y: (local) => String(partsOf(local).year).padStart(4, '0'),
  m: (local) => two(partsOf(local).month),
  d: (local) => two(partsOf(local).day),
  H: (local) => two(partsOf(local).hour),
  M: (local) => two(partsOf(local).minute),
  S: (local) => two(partsOf(local).second),
  L: (local) => String(partsOf(local).millisecond).padStart(3, '0'),
  j: (local) => String(dayOfYear(local)).padStart(3, '0'),
  w: (local) => String(dayOfWeek(local)),
  u: (local) => String(isoDayOfWeek(local)),
  U: (local) => two(weekOfYear(local)),
  G: (local) => String(isoWeekYear(local)).padStart(4, '0'),
  V: (local) => two(isoWeek(local)),
  b: (local) => (months[partsOf(local).month - 1] ?? '').slice(0, 3),
  B: (local) => months[partsOf(local).month - 1] ?? '',
  z: (_local, offset) =>
    `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`,
  Z: (_local, offset) => `${offset < 0 ? '-' : '+'}${String(Math.abs(offset)).padStart(3, '0')}`,
  '%': () => '%',
};

/** A moment on a zone's clock, written as `$dateToString` does. */
export function formatDate(ms: number, format: string, zone: string): string {
  const offset = offsetAt(zone, ms);
  return format.replace(/%(.?)/gs, (_all, letter: string) => {
    const write = Object.hasOwn(specifiers, letter) ? specifiers[letter] : undefined;
    if (!write) throw new StoreError(18536, `Invalid format character '%${letter}' in format string`);
    return write(ms + offset, offset / 60_000);
  });
}
