import { z } from 'zod';
import { id, instant } from './common';

export const channelView = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  webhookUrl: z.string().nullable(),
  /** Accounts of the configuration file are read-only in the console. */
  source: z.enum(['file', 'console']),
  enabled: z.boolean(),
  health: z.object({
    state: z.enum(['ok', 'degraded', 'unknown']),
    problem: z.string().nullable(),
    lastInboundAt: instant.nullable(),
    lastOutboundAt: instant.nullable(),
  }),
});
export type ChannelView = z.infer<typeof channelView>;

export const channelTypeView = z.object({
  type: z.string(),
  title: z.string(),
  /** JSON Schema of its configuration, for a form. */
  configuration: z.record(z.string(), z.unknown()),
});

const configuration = z.record(z.string(), z.unknown());
export const createChannel = z.strictObject({
  id: id.regex(/^[a-z0-9][a-z0-9-]*$/),
  type: id,
  name: z.string().trim().min(1).max(100),
  configuration,
});
export const changeChannel = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  configuration: configuration.optional(),
  enabled: z.boolean().optional(),
});
