import type { Controls } from '../faults';
import type { SandboxParts } from '../sandbox';
import { ageGrants } from '../wechat/reply-quota';
import { type ControlsBody, controlsBody } from './bodies';

export function changeControls(parts: SandboxParts, accountId: string, body: ControlsBody): Controls {
  const { advanceHours, expireToken, ...changes } = controlsBody.parse(body);
  if (advanceHours) letHoursPass(parts, accountId, advanceHours);
  if (expireToken) parts.wechat.tokens.expire(accountId);
  return parts.faults.change(accountId, changes);
}

function letHoursPass({ phones }: SandboxParts, accountId: string, hours: number): void {
  for (const customer of phones.list().filter((one) => one.accountId === accountId)) {
    ageGrants(customer, hours);
    phones.changed(customer);
  }
}
