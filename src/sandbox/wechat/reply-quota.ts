import type { Customer, ReplyGrant } from '../phones/customer';

const HOUR_MS = 3_600_000;

/** What WeChat allows after each act (customer service messages, quota table of developers.weixin.qq.com). */
const allowances = {
  message: { openMs: 48 * HOUR_MS, messages: 5 },
  click: { openMs: 60_000, messages: 3 },
} as const;

export function grantReplies(customer: Customer, cause: ReplyGrant['cause'], now: Date): void {
  const { openMs, messages } = allowances[cause];
  const fresh = { cause, closesAt: now.getTime() + openMs, left: messages };
  customer.grants = [...customer.grants.filter((grant) => grant.cause !== cause), fresh];
}

/** Uses one reply, or says which of WeChat's two limits forbids it. */
export function useReply(customer: Customer, now: Date): 'used' | 'out of time' | 'count exceeded' {
  const open = customer.grants.filter((grant) => grant.closesAt > now.getTime());
  if (open.length === 0) return 'out of time';
  const usable = open.filter((grant) => grant.left > 0).sort((a, b) => a.closesAt - b.closesAt)[0];
  if (!usable) return 'count exceeded';
  usable.left -= 1;
  return 'used';
}

/** Lets hours pass for the reply windows only. */
export function ageGrants(customer: Customer, hours: number): void {
  for (const grant of customer.grants) grant.closesAt -= hours * HOUR_MS;
}

/** The open window that closes last, as a phone shows it. */
export function openWindow(customer: Customer, now: Date): { closesAt: string; left: number } | null {
  const open = customer.grants.filter((grant) => grant.closesAt > now.getTime());
  if (open.length === 0) return null;
  const closesAt = Math.max(...open.map((grant) => grant.closesAt));
  const left = open.reduce((sum, grant) => sum + grant.left, 0);
  return { closesAt: new Date(closesAt).toISOString(), left };
}
