import type { Account } from '../host/accounts';
import type { WebchatConfiguration } from './definition';

/** May a page of this origin talk to this account? Our own panel always may: it says who may embed it. */
export function isAllowedOrigin(
  account: Account,
  origin: string | undefined,
  host: string | undefined,
): boolean {
  const { allowedOrigins } = account.configuration as WebchatConfiguration;
  if (!allowedOrigins?.length || !origin) return true;
  return (
    allowedOrigins.some((allowed) => new URL(allowed).origin === origin) ||
    // `null` and nonsense are no origin of anybody.
    (URL.canParse(origin) && new URL(origin).host === host)
  );
}

/** Who may show the panel in a frame. */
export function frameAncestors(account: Account): string {
  const { allowedOrigins } = account.configuration as WebchatConfiguration;
  return allowedOrigins?.length
    ? ["'self'", ...allowedOrigins.map((allowed) => new URL(allowed).origin)].join(' ')
    : '*';
}
