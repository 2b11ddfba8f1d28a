import { fromParts } from './calendar';
import { fromLocal } from './zone';

const iso =
  /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;

/** An ISO 8601 text as ms; without an offset it is on the zone's clock. Null when it is none. */
export function parseDate(text: string, zone: string): number | null {
  const match = iso.exec(text.trim());
  if (!match) return null;
  const [, year, month, day = '1', hour = '0', minute = '0', second = '0', fraction = '', own] = match;
  const parts = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.padEnd(3, '0').slice(0, 3)),
  };
  if (
    parts.month < 1 ||
    parts.month > 12 ||
    parts.day < 1 ||
    parts.day > 31 ||
    parts.hour > 23 ||
    parts.minute > 59 ||
    parts.second > 59
  )
    return null;
  return fromLocal(own ? own.toUpperCase().replace('UTC', 'Z').replace('GMT', 'Z') : zone, fromParts(parts));
}

const specifiers: Record<string, [string, string]> = {
  Y: ['year', '\\d{4}'], m: ['month', '\\d{2}'], d: ['day', '\\d{2}'], H: ['hour', '\\d{2}'], M: ['minute', '\\d{2}'],
  S: ['second', '\\d{2}'], L: ['millisecond', '\\d{3}'], z: ['zone', '[+-]\\d\\d:?\\d\\d|Z'],
}; // prettier-ignore

/** By a format of `%Y %m %d %H %M %S %L %z`. Null when the text does not fit it. */
export function parseDateBy(text: string, format: string, zone: string): number | null {
  const names: string[] = [];
  const pattern = format.replace(/%(.)|[.*+?^${}()|[\]\\]/g, (part, letter: string | undefined) => {
    const known = letter && specifiers[letter];
    if (known) names.push(known[0]);
    return known ? `(${known[1]})` : letter === '%' ? '%' : `\\${part}`;
  });
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (!match) return null;
  const found = Object.fromEntries(names.map((name, at) => [name, match[at + 1] as string]));
  const { zone: own, ...numbers } = found;
  const parts = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)]));
  return parts['year'] === undefined
    ? null
    : fromLocal(own ?? zone, fromParts({ ...parts, year: parts['year'] }));
}
