import { isIP } from 'node:net';
import { z } from 'zod';

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 1 to 65535')
  .transform(Number)
  .refine((number) => number >= 1 && number <= 65_535, 'must be a port, 1 to 65535');
const milliseconds = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a number of milliseconds, 0 to 600000')
  .transform(Number)
  .refine((number) => number <= 600_000, 'must be a number of milliseconds, 0 to 600000');
const proxies = 'must be a number of proxies, 0 to 20, or their addresses and subnets with commas between';
const named = ['loopback', 'linklocal', 'uniquelocal'];
/** Not `true`: whoever trusts everybody believes every address that a client makes up. */
const trustedProxies = z
  .string()
  .refine((text) => (/^\d+$/.test(text) ? Number(text) <= 20 : text.split(',').every(isProxy)), proxies)
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : text.split(',').map((part) => part.trim())));
const unset = (value: unknown) => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(type: T) => z.preprocess(unset, type.optional());
const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The environment variables that Parley reads; the README says what each means. */
export const environment = z.object({
  PORT: optional(port),
  HOST: optional(z.string().refine(isHost, 'must be an IP address or a host name')),
  PARLEY_CONFIG: optional(z.string()),
  PARLEY_DATA_DIR: optional(z.string()),
  MONGODB_URL: optional(
    z.string().regex(/^mongodb(\+srv)?:\/\/.+/, 'must begin with mongodb:// or mongodb+srv://'),
  ),
  REDIS_URL: optional(z.string().regex(/^rediss?:\/\/.+/, 'must begin with redis:// or rediss://')),
  PARLEY_SECRET_KEY: optional(z.string().min(32, 'must have at least 32 characters')),
  SANDBOX_PORT: optional(port),
  METRICS_PORT: optional(port),
  PARLEY_DRAIN_MS: optional(milliseconds),
  PARLEY_TRUST_PROXY: optional(trustedProxies),
  PARLEY_PUBLIC_URL: optional(
    z
      .url({
        protocol: /^https?$/,
        error: 'must be an address that begins with http:// or https://',
        abort: true,
      })
      .refine(isBase, 'must be an address without user name, password, query and fragment'),
  ),
  LOG_LEVEL: optional(z.enum(levels, `must be one of ${levels.join(', ')}`)),
});
export type Environment = z.infer<typeof environment>;

function isHost(value: string): boolean {
  return isIP(value) > 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(value);
}

/** Paths are added to its end. */
function isBase(address: string): boolean {
  const { username, password } = new URL(address);
  return username === '' && password === '' && !/[?#]/.test(address);
}

function isProxy(part: string): boolean {
  const [address = '', bits, ...more] = part.trim().split('/');
  if (named.includes(part.trim())) return true;
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (bits === undefined) return longest > 0;
  // A subnet of everything is everybody.
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= longest;
}

/** The host as it stands in a URL. */
export const hostInUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

/** Where this machine itself reaches a server on `host`: "any address" is no address to call. */
export function ownHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '[::1]' : hostInUrl(host);
}
