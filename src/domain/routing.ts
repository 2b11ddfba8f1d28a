import type { AgentStatus } from './role';

export interface Candidate {
  id: string;
  status: AgentStatus;
  skills: string[];
  languages: string[];
  teamIds: string[];
  capacity: number;
  /** Conversations they own now. */
  load: number;
  lastAssignedAt: Date | null;
}

export interface Waiting {
  teamId: string | null;
  skills: string[];
  language: string | null;
  /** Who has let it pass already. */
  missed: string[];
}

/** Who gets it: of those who can and may, the one with the fewest open, then the longest idle. Null: nobody now. */
export function pickAgent(waiting: Waiting, candidates: Candidate[]): Candidate | null {
  const able = candidates.filter((candidate) => canTake(waiting, candidate));
  const skilled = able.filter((candidate) =>
    waiting.skills.every((skill) => candidate.skills.includes(skill)),
  );
  const ring = skilled.length > 0 ? skilled : able;
  return [...ring].sort(byLoadThenIdle)[0] ?? null;
}

function canTake(waiting: Waiting, candidate: Candidate): boolean {
  if (candidate.status !== 'online' || candidate.load >= candidate.capacity) return false;
  if (waiting.missed.includes(candidate.id)) return false;
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
