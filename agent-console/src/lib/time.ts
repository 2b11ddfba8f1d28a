import { isSameDay } from './same-day';
import { usePreferences } from './preferences';

const formats = new Map<string, Intl.DateTimeFormat>();
/** Formats are costly to make, so each is made once; h23 because zh-TW else prints 上午12:27. */
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { language } = usePreferences.getState();
  const key = language + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language, { hourCycle: 'h23', ...options });
  formats.set(key, known);
  return known;
}

export const clockTime = (iso: string): string =>
  format({ hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
export const shortDate = (iso: string): string =>
  format({ month: 'short', day: 'numeric' }).format(new Date(iso));
export const longDate = (iso: string): string =>
  format({ year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' }).format(new Date(iso));
export const fullTime = (iso: string): string =>
  format({
    year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).format(new Date(iso)); // prettier-ignore

/** The time of today, the date of before: what a narrow column can hold. */
export const shortTime = (iso: string, now = Date.now()): string =>
  isSameDay(iso, new Date(now).toISOString()) ? clockTime(iso) : shortDate(iso);

/** `3:07`, `1h 02m` or `2d 4h`, in the words of the language: a length of time, as exact as it is near. */
export function asCountdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24];
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, String(seconds % 60).padStart(2, '0')];
  if (days > 0) return inUnits([days, 'day'], [hours, 'hour']);
  return hours > 0 ? inUnits([hours, 'hour'], [minutes, 'minute']) : `${minutes}:${rest}`;
}

/** Minutes have two digits, so that what counts down does not jump. Chinese is as short as a pill: no space, 分 for 分钟. */
function inUnits(...parts: [count: number, unit: 'day' | 'hour' | 'minute'][]): string {
  const { language } = usePreferences.getState();
  const words = parts.map(([count, unit], place) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit,
      unitDisplay: 'narrow',
      minimumIntegerDigits: place > 0 && unit === 'minute' ? 2 : 1,
    })
      .format(count)
      .replace(/\s|[钟鐘]/g, ''),
  );
  return words.join(language.startsWith('zh') ? '' : ' ');
}

/** A language in the words of the page's; its code where nobody knows it. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([usePreferences.getState().language], { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}
