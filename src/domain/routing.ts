import type { AgentStatus } from './role';
import type { Priority } from './ticket';

export interface Candidate {
  id: string;
  status: AgentStatus;
  skills: string[];
  languages: string[];
  teamIds: string[];
  capacity: number;
  /** Conversations they own now, and offers that stand. */
  load: number;
  lastAssignedAt: Date | null;
}

export interface Waiting {
  teamId: string | null;
  skills: string[];
  language: string | null;
  waitedMs: number;
  /** Who has let it pass already. */
  missedBy: string[];
}

/** So long someone with all the skills is waited for; then anyone able is better than nobody. */
const fullSkillsMs = 60_000;

/** Who gets it: of those who can and may, the one with the fewest open, then the longest idle. Null: nobody now. */
export function pickAgent(waiting: Waiting, candidates: Candidate[]): Candidate | null {
  const able = candidates.filter((candidate) => canTake(waiting, candidate));
  const skilled = able.filter(({ skills }) => waiting.skills.every((skill) => skills.includes(skill)));
  const ring = skilled.length > 0 || waiting.waitedMs < fullSkillsMs ? skilled : able;
  // When all of them have let it pass, a new round begins.
  const fresh = ring.filter(({ id }) => !waiting.missedBy.includes(id));
  return [...(fresh.length > 0 ? fresh : ring)].sort(byLoadThenIdle)[0] ?? null;
}

export interface Urgency {
  priority: Priority;
  queuedAt: Date;
  dueAt: Date | null;
  windowClosesAt: Date | null;
}

/** Minutes of waiting that a priority is worth. */
const headStart: Record<Priority, number> = { low: -30, normal: 0, high: 30, urgent: 120 };
/** A deadline weighs from so many minutes before it. */
const horizonMinutes = 60;

/** How urgent it is to answer: minutes waited, and what priority, promise and reply window add. The highest is first. */
export function urgencyOf({ priority, queuedAt, dueAt, windowClosesAt }: Urgency, now: Date): number {
  return headStart[priority] + minutes(queuedAt, now) + pressure(dueAt, now) + pressure(windowClosesAt, now);
}

function pressure(deadline: Date | null, now: Date): number {
  if (!deadline) return 0;
  return Math.min(horizonMinutes, Math.max(0, horizonMinutes - minutes(now, deadline)));
}

const minutes = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 60_000;

function canTake(waiting: Waiting, candidate: Candidate): boolean {
  if (candidate.status !== 'online' || candidate.load >= candidate.capacity) return false;
  if (waiting.teamId && !candidate.teamIds.includes(waiting.teamId)) return false;
  return speaks(candidate, waiting.language);
}

/** `zh-TW` is spoken by who speaks `zh`; someone without a list speaks them all. */
function speaks({ languages }: Candidate, language: string | null): boolean {
  if (!language || languages.length === 0) return true;
  return languages.some(
    (spoken) => language === spoken || language.startsWith(`${spoken}-`) || spoken.startsWith(`${language}-`),
  );
}

function byLoadThenIdle(a: Candidate, b: Candidate): number {
  return a.load - b.load || (a.lastAssignedAt?.getTime() ?? 0) - (b.lastAssignedAt?.getTime() ?? 0);
}
