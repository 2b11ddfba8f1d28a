import { z } from 'zod';
import { agentView } from './agents';
import { instant, reference } from './common';
import { clockView } from './conversations';

/** The live wall: small counters read from the store, never counted by scanning. */
export const wallView = z.object({
  at: instant,
  waiting: z.number().int(),
  longestWaitSince: instant.nullable(),
  open: z.number().int(),
  withBot: z.number().int(),
  breached: z.number().int(),
  agentsFree: z.number().int(),
  /** Share of the last 24 hours' first responses that came in time, 0…1; null before the first. */
  serviceLevel: z.number().nullable(),
  /** What each figure is measured by. */
  targets: z.object({
    serviceLevel: z.number(),
    /** The first response that the default policy promises; null without one. */
    longestWaitMinutes: z.number().nullable(),
    /** How many more the people online could take now: more waiting than that is a backlog. */
    waiting: z.number().int(),
    breached: z.number().int(),
    agentsFree: z.number().int(),
  }),
  /** Broken promises that still wait, the oldest first; `breached` counts them all. */
  breaches: z.array(
    z.object({
      ticketId: z.string(),
      number: z.number().int(),
      subject: z.string(),
      contact: reference,
      channel: z.string(),
      metric: clockView.shape.metric,
      dueAt: instant,
      conversationId: z.string().nullable(),
      assignee: reference.nullable(),
      team: reference.nullable(),
    }),
  ),
  queues: z.array(
    z.object({
      teamId: z.string().nullable(),
      name: z.string().nullable(),
      waiting: z.number().int(),
      longestWaitSince: instant.nullable(),
    }),
  ),
  agents: z.array(agentView),
});
export type WallView = z.infer<typeof wallView>;
