import { z } from 'zod';
import { agentStatuses, roles } from '../domain/role';
import { id, instant } from './common';

export const agentView = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  skills: z.array(z.string()),
  languages: z.array(z.string()),
  capacity: z.number().int(),
  teamIds: z.array(z.string()),
  status: z.enum(agentStatuses),
  statusAt: instant,
  /** Conversations they own now. */
  load: z.number().int(),
  enabled: z.boolean(),
});
export type AgentView = z.infer<typeof agentView>;
export const teamView = z.object({ id: z.string(), name: z.string(), memberIds: z.array(z.string()) });
export type TeamView = z.infer<typeof teamView>;

/** Long enough to resist guessing; no other rule helps people. */
const password = z.string().min(10).max(200);
export const signIn = z.strictObject({
  email: z.string().min(1).max(200),
  password: z.string().min(1).max(200),
});
export const session = z.object({ agent: agentView });
export const signedIn = session.extend({ token: z.string() });
export const changePassword = z.strictObject({ current: z.string().min(1).max(200), next: password });
export const changeStatus = z.strictObject({ status: z.enum(agentStatuses) });

const words = z.array(z.string().trim().min(1).max(50)).max(50);
export const createAgent = z.strictObject({
  email: z.email().max(200),
  password,
  name: z.string().trim().min(1).max(100),
  role: z.enum(roles).default('agent'),
  skills: words.default([]),
  languages: words.default([]),
  capacity: z.number().int().min(0).max(100).default(5),
});
export const changeAgent = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  role: z.enum(roles).optional(),
  skills: words.optional(),
  languages: words.optional(),
  capacity: z.number().int().min(0).max(100).optional(),
  password: password.optional(),
  enabled: z.boolean().optional(),
});
export const createTeam = z.strictObject({
  id: id.regex(/^[a-z0-9][a-z0-9-]*$/),
  name: z.string().trim().min(1).max(100),
  memberIds: z.array(id).max(500).default([]),
});
export const changeTeam = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  memberIds: z.array(id).max(500).optional(),
});
