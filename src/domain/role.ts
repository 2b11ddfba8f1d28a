export const roles = ['agent', 'supervisor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Roles contain each other: an admin may all that a supervisor may. */
export const atLeast = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

export const agentStatuses = ['online', 'busy', 'away', 'offline'] as const;
export type AgentStatus = (typeof agentStatuses)[number];

/** Who someone is when they ask for something: enough for every rule of who sees and may what. */
export interface Viewer {
  agentId: string;
  role: Role;
  teamIds: string[];
}

/** Who sees a thing that may belong to a team or to a person. */
export interface Audience {
  /** Null: every team. */
  teamId: string | null;
  /** People who see it whatever their team (its assignee). */
  agentIds: string[];
  /** The least role that sees it without belonging to it. */
  minimumRole?: Role;
}

/** Agents see what is of their teams, of no team, or their own; supervisors see all. */
export function maySee(viewer: Viewer, audience: Audience): boolean {
  if (audience.minimumRole && !atLeast(viewer.role, audience.minimumRole)) return false;
  if (atLeast(viewer.role, 'supervisor')) return true;
  if (audience.agentIds.includes(viewer.agentId)) return true;
  return audience.teamId === null || viewer.teamIds.includes(audience.teamId);
}

/** Whether someone who saw a thing may not see it any more. */
export function hidesFromSome(before: Audience, after: Audience): boolean {
  if (after.teamId === null) return false;
  const isWithOthers = before.teamId !== after.teamId;
  return isWithOthers || before.agentIds.some((agentId) => !after.agentIds.includes(agentId));
}
