import { z } from 'zod';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'HH:MM');
const periods = z.array(z.tuple([time, time]).refine(([from, to]) => from < to, 'from before to')).max(10);
const day = z.iso.date();

/** Opening hours: several periods a day, holidays closed, `workdays` open although their weekday is not (调休). */
export const businessHours = z.strictObject({
  timeZone: z.string().default('UTC').refine(isTimeZone, 'not an IANA time zone'),
  week: z
    .strictObject({
      mon: periods.optional(),
      tue: periods.optional(),
      wed: periods.optional(),
      thu: periods.optional(),
      fri: periods.optional(),
      sat: periods.optional(),
      sun: periods.optional(),
    })
    .refine((week) => Object.values(week).some((day) => day && day.length > 0), 'no opening hours at all'),
  holidays: z.array(day).default([]),
  /** Open with the hours of the first open weekday. */
  workdays: z.array(day).default([]),
});
export type BusinessHours = z.infer<typeof businessHours>;

const minutes = z.number().positive().max(525_600).nullable();
export const slaPolicy = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** All that is named must hold; `{}` is the default policy. */
  when: z
    .strictObject({
      channels: z.array(z.string()).optional(),
      priorities: z.array(z.string()).optional(),
      tags: z.array(z.string()).optional(),
    })
    .default({}),
  firstResponseMinutes: minutes.default(10),
  nextResponseMinutes: minutes.default(30),
  resolutionMinutes: minutes.default(1_440),
  calendar: z.enum(['hours', 'always']).default('hours'),
});
export type SlaPolicy = z.infer<typeof slaPolicy>;

/** Ordered: the first that matches counts. */
export const slaPolicies = z.strictObject({ items: z.array(slaPolicy).max(50) });
export const businessHoursBody = z.strictObject({ hours: businessHours.nullable() });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
