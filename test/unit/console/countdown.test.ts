import type * as Preferences from '../../../agent-console/src/lib/preferences';
import type * as Time from '../../../agent-console/src/lib/time';

let preferences: typeof Preferences;
let time: typeof Time;
beforeAll(async () => {
  // The preferences ask the browser for its languages.
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en'] }, configurable: true });
  preferences = await import('../../../agent-console/src/lib/preferences');
  time = await import('../../../agent-console/src/lib/time');
});

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

test.each([
  ['en', day + 23 * hour, '1d 23h'],
  ['en', hour + 2 * minute, '1h 02m'],
  ['zh-CN', day + 23 * hour, '1天23小时'],
  ['zh-CN', hour + 2 * minute, '1小时02分'],
  ['zh-TW', 2 * day + hour, '2天1小時'],
  ['zh-CN', 3 * minute + 7_000, '3:07'],
  ['en', -1, '0:00'],
] as const)('in %s, %i ms that are left read %s', (language, ms, shown) => {
  preferences.usePreferences.setState({ language });
  expect(time.asCountdown(ms).replaceAll(/\s/g, ' ')).toBe(shown);
});
