import { addBusinessMs, businessMsBetween, type Calendar } from './business-hours';

export const metrics = ['first_response', 'next_response', 'resolution'] as const;
export type Metric = (typeof metrics)[number];
export type ClockState = 'running' | 'paused' | 'met' | 'breached' | 'cancelled';

export interface Policy {
  name: string;
  when: { channels?: string[]; priorities?: string[]; tags?: string[] };
  firstResponseMinutes: number | null;
  nextResponseMinutes: number | null;
  resolutionMinutes: number | null;
  calendar: 'hours' | 'always';
}

export interface Subject {
  channel: string;
  priority: string;
  tags: string[];
}

/** The first policy whose every condition holds. Null: nothing is promised. */
export function matchPolicy(policies: Policy[], subject: Subject): Policy | null {
  return policies.find(({ when }) => holds(when, subject)) ?? null;
}

function holds(when: Policy['when'], subject: Subject): boolean {
  if (when.channels && !when.channels.includes(subject.channel)) return false;
  if (when.priorities && !when.priorities.includes(subject.priority)) return false;
  return !when.tags || when.tags.some((tag) => subject.tags.includes(tag));
}

export interface Deadline {
  dueAt: Date;
  warnAt: Date;
}

/** An amber pill after three quarters of the time. */
const warnShare = 0.75;

/** When a promise of so many minutes, begun at `from`, warns and falls due. */
export function deadline(calendar: Calendar, from: Date, minutes: number): Deadline {
  const totalMs = minutes * 60_000;
  return {
    dueAt: addBusinessMs(calendar, from, totalMs),
    warnAt: addBusinessMs(calendar, from, totalMs * warnShare),
  };
}

/** The deadline after a pause: what was left when it began runs on from its end. */
export function resumeDeadline(
  calendar: Calendar,
  before: Deadline,
  pausedAt: Date,
  resumedAt: Date,
): Deadline {
  const leftOf = (due: Date) => businessMsBetween(calendar, pausedAt, due);
  return {
    dueAt: addBusinessMs(calendar, resumedAt, leftOf(before.dueAt)),
    warnAt: addBusinessMs(calendar, resumedAt, leftOf(before.warnAt)),
  };
}

export const minutesFor = (policy: Policy, metric: Metric): number | null =>
  ({
    first_response: policy.firstResponseMinutes,
    next_response: policy.nextResponseMinutes,
    resolution: policy.resolutionMinutes,
  })[metric];
