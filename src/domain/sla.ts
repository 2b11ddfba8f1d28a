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
  /** The pill turns amber, and its owner is told. */
  warnAt: Date;
  /** The last call. */
  lastCallAt: Date;
}

const warnShare = 0.75;
const lastCallShare = 0.9;

/** When a promise of so many minutes, begun at `from`, warns and falls due. */
export function deadline(calendar: Calendar, from: Date, minutes: number): Deadline {
  const totalMs = minutes * 60_000;
  return {
    dueAt: addBusinessMs(calendar, from, totalMs),
    warnAt: addBusinessMs(calendar, from, totalMs * warnShare),
    lastCallAt: addBusinessMs(calendar, from, totalMs * lastCallShare),
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
    lastCallAt: addBusinessMs(calendar, resumedAt, leftOf(before.lastCallAt)),
  };
}

/** What is told of a promise as time runs out, in this order. */
export const alarms = ['warning', 'last_call', 'breach'] as const;
export type Alarm = (typeof alarms)[number];

/** The alarm after so many have been told. Null: there is nothing left to tell. */
export function nextAlarm(deadline: Deadline, told: number): { alarm: Alarm; at: Date } | null {
  const alarm = alarms[told];
  if (!alarm) return null;
  const { warnAt, lastCallAt, dueAt } = deadline;
  return { alarm, at: { warning: warnAt, last_call: lastCallAt, breach: dueAt }[alarm] };
}

export const minutesFor = (policy: Policy, metric: Metric): number | null =>
  ({
    first_response: policy.firstResponseMinutes,
    next_response: policy.nextResponseMinutes,
    resolution: policy.resolutionMinutes,
  })[metric];
