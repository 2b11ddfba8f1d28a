import {
  addBusinessMs,
  businessMsBetween,
  isOpenAt,
  nextOpening,
  startOfDay,
  type Calendar,
  type Hours,
} from '../../../src/domain/business-hours';

const minute = 60_000;
const at = (text: string) => new Date(text);

/** Two shifts on weekdays in Shanghai (UTC+8), the National Day week with its make-up Saturday. */
const shanghai: Hours = {
  timeZone: 'Asia/Shanghai',
  week: Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [
      day,
      [
        ['09:00', '12:00'],
        ['13:30', '18:00'],
      ],
    ]),
  ),
  holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
  workdays: ['2026-10-10'],
};
const newYork: Hours = {
  timeZone: 'America/New_York',
  week: { sat: [['22:00', '24:00']], sun: [['00:00', '06:00']] },
  holidays: [],
  workdays: [],
};

test.each<[string, Calendar, string, boolean]>([
  ['without hours it is always open', null, '2026-10-03T20:00:00Z', true],
  ['open at the first minute', shanghai, '2026-10-12T01:00:00Z', true],
  ['closed at the last', shanghai, '2026-10-12T04:00:00Z', false],
  ['closed over lunch', shanghai, '2026-10-12T05:00:00Z', false],
  ['open in the second shift', shanghai, '2026-10-12T05:30:00Z', true],
  ['closed on a holiday that is a Thursday', shanghai, '2026-10-01T02:00:00Z', false],
  ['open on a make-up Saturday', shanghai, '2026-10-10T02:00:00Z', true],
  ['closed on another Saturday', shanghai, '2026-10-17T02:00:00Z', false],
  ['open until local midnight', newYork, '2026-07-12T03:59:59Z', true],
])('%s', (_name, calendar, moment, expected) => {
  expect(isOpenAt(calendar, at(moment))).toBe(expected);
});

test.each<[string, Calendar, string, number, string]>([
  ['no hours: plain minutes', null, '2026-10-12T10:00:00Z', 30, '2026-10-12T10:30:00Z'],
  ['inside a shift', shanghai, '2026-10-12T01:00:00Z', 30, '2026-10-12T01:30:00Z'],
  ['exactly to the end of a shift', shanghai, '2026-10-12T03:00:00Z', 60, '2026-10-12T04:00:00Z'],
  ['over lunch', shanghai, '2026-10-12T03:30:00Z', 60, '2026-10-12T06:00:00Z'],
  ['begun at night', shanghai, '2026-10-12T20:00:00Z', 10, '2026-10-13T01:10:00Z'],
  ['over the holiday week and its make-up day', shanghai, '2026-09-30T09:30:00Z', 60, '2026-10-08T01:30:00Z'],
  ['Friday evening into the make-up Saturday', shanghai, '2026-10-09T09:50:00Z', 20, '2026-10-10T01:10:00Z'],
  ['over a weekend', shanghai, '2026-10-16T09:50:00Z', 20, '2026-10-19T01:10:00Z'],
])('minutes of opening are added: %s', (_name, calendar, from, minutes, expected) => {
  expect(addBusinessMs(calendar, at(from), minutes * minute)).toEqual(at(expected));
});

test.each<[string, string, number]>([
  // On 8 March 2026 the clocks of New York go from 02:00 to 03:00: that night has an hour less.
  ['the night that is shorter', '2026-03-08T03:00:00Z', 7 * 60],
  // On 1 November 2026 they go back from 02:00 to 01:00: that night has an hour more.
  ['the night that is longer', '2026-11-01T02:00:00Z', 9 * 60],
  ['any other night', '2026-07-12T02:00:00Z', 8 * 60],
])('a change of clocks changes what is open: %s', (_name, from, minutes) => {
  const later = new Date(at(from).getTime() + 24 * 60 * minute);
  expect(businessMsBetween(newYork, at(from), later)).toBe(minutes * minute);
});

test.each([
  ['now, when it is open', '2026-10-12T02:00:00Z', '2026-10-12T02:00:00Z'],
  ['after lunch', '2026-10-12T04:10:00Z', '2026-10-12T05:30:00Z'],
  ['after the holidays', '2026-09-30T10:00:00Z', '2026-10-08T01:00:00Z'],
])('it opens next %s', (_name, from, expected) => {
  expect(nextOpening(shanghai, at(from))).toEqual(at(expected));
});

test('a calendar without a single open day never opens', () => {
  expect(nextOpening({ ...shanghai, week: {}, workdays: [] }, at('2026-10-12T02:00:00Z'))).toBeNull();
});

test('periods may be typed in any order, and overlap', () => {
  const untidy: Hours = {
    ...shanghai,
    week: {
      mon: [
        ['13:00', '18:00'],
        ['09:00', '12:00'],
        ['11:00', '14:00'],
      ],
    },
  };
  const monday = at('2026-10-12T00:00:00Z');
  expect(addBusinessMs(untidy, monday, 30 * minute)).toEqual(at('2026-10-12T01:30:00Z'));
  expect(businessMsBetween(untidy, monday, at('2026-10-13T00:00:00Z'))).toBe(9 * 60 * minute);
});

test('adding and measuring are each other’s inverse', () => {
  const from = at('2026-09-25T05:17:00Z');
  for (let minutes = 1; minutes < 4_000; minutes += 97)
    expect(businessMsBetween(shanghai, from, addBusinessMs(shanghai, from, minutes * minute))).toBe(
      minutes * minute,
    );
});

test('a day starts at local midnight', () => {
  expect(startOfDay('Asia/Shanghai', at('2026-10-12T15:59:00Z'))).toEqual(at('2026-10-11T16:00:00Z'));
  expect(startOfDay('Asia/Shanghai', at('2026-10-12T16:00:00Z'))).toEqual(at('2026-10-12T16:00:00Z'));
});
