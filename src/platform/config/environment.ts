import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const unset = (value: unknown) => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(type: T) => z.preprocess(unset, type.optional());

/** The environment variables that Parley reads; contract.md lists what each means. */
export const environment = z.object({
  PORT: optional(port),
  HOST: optional(z.string()),
  PARLEY_CONFIG: optional(z.string()),
  PARLEY_DATA_DIR: optional(z.string()),
  MONGODB_URL: optional(
    z.string().regex(/^mongodb(\+srv)?:\/\/.+/, 'must begin with mongodb:// or mongodb+srv://'),
  ),
  REDIS_URL: optional(z.string().regex(/^rediss?:\/\/.+/, 'must begin with redis:// or rediss://')),
  PARLEY_SECRET_KEY: optional(z.string().min(32, 'must have at least 32 characters')),
  SANDBOX_PORT: optional(port),
  METRICS_PORT: optional(port),
  PARLEY_DRAIN_MS: optional(z.coerce.number().int().min(0).max(600_000)),
  PARLEY_PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  LOG_LEVEL: optional(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])),
});
export type Environment = z.infer<typeof environment>;
