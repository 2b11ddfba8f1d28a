import { z } from 'zod';
import { agentView } from './agents';
import { instant } from './common';

/** The live wall: small counters read from the store, never counted by scanning. */
export const wallView = z.object({
  at: instant,
  waiting: z.number().int(),
  longestWaitSince: instant.nullable(),
  open: z.number().int(),
  withBot: z.number().int(),
  breached: z.number().int(),
  agentsFree: z.number().int(),
  /** Share of first responses in time since local midnight, 0…1; null before the first. */
  serviceLevel: z.number().nullable(),
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
