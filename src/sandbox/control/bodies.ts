import { z } from 'zod';

const count = z.number().int().min(0).max(100);

/** What may be changed about an account; a key left out stays as it is. */
export const controlsBody = z.strictObject({
  offline: z.boolean().optional(),
  slowMs: z.number().int().min(0).max(30_000).optional(),
  fail: z
    .strictObject({
      count,
      status: z.union([z.literal(429), z.literal(500)]).default(500),
      retryAfterSeconds: z.number().int().min(0).max(60).default(1),
    })
    .optional(),
  dropAnswers: count.optional(),
  deliveries: z.number().int().min(1).max(20).optional(),
  atOnce: z.boolean().optional(),
  badSignatures: count.optional(),
  /** Lets hours pass for the reply windows of all its customers, once. */
  advanceHours: z.number().min(0).max(1_000).optional(),
  /** The access token of the official account is worth nothing from now on. */
  expireToken: z.literal(true).optional(),
});
export type ControlsBody = z.input<typeof controlsBody>;

export const pressBody = z.strictObject({ data: z.string().min(1).max(200) });
export const rushBody = z.strictObject({
  customers: z.number().int().min(1).max(100).default(30),
  seconds: z.number().min(0).max(120).default(20),
});
export type RushSize = z.output<typeof rushBody>;

export const customerBody = z.strictObject({
  accountId: z.string().min(1).max(200),
  name: z.string().min(1).max(40),
  language: z.enum(['zh-CN', 'zh-TW', 'en']).default('zh-CN'),
});
export const afterQuery = z.object({ after: z.coerce.number().int().min(0).default(0) });
export const nothing = z.strictObject({});
