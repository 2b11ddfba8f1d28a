import { once } from 'node:events';
import type { SandboxAccount } from '../options';
import type { SandboxParts } from '../sandbox';
import type { ActInput } from './act';
import { act } from './act';
import type { Customer } from './customer';
import type { PhoneMessage } from './phone-message';

const DEFAULT_WAIT_MS = 5_000;

/** A customer in the hands of a program: journeys are written with it. */
export class CustomerDriver {
  constructor(
    private readonly parts: SandboxParts,
    readonly customer: Customer,
  ) {}

  /** Resolves with what became of the webhook. */
  do(something: ActInput) {
    return this.parts.hands.perform(this.customer, act.parse(something));
  }

  sendText(text: string) {
    return this.do({ kind: 'text', text });
  }

  press(data: string) {
    return this.do({ kind: 'press', data });
  }

  /** What the account sent to this phone, oldest first. */
  received(): PhoneMessage[] {
    return this.customer.messages.filter(({ from }) => from === 'account');
  }

  /** The first received message that fits, now or within the time. */
  async waitFor(
    fits: (message: PhoneMessage) => boolean,
    timeoutMs = DEFAULT_WAIT_MS,
  ): Promise<PhoneMessage> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const found = this.received().find(fits);
      if (found) return found;
      await once(this.parts.phones, 'message', { signal }).catch(() => this.giveUp(timeoutMs));
    }
  }

  private giveUp(timeoutMs: number): never {
    const shown = this.customer.messages.map(({ from, text }) => `${from}: ${text}`).join('\n');
    throw new Error(
      `${this.customer.name} got no such message in ${timeoutMs} ms. The phone shows:\n${shown}`,
    );
  }
}

/** `sandbox.wechat.customer(accountId, name)` and the same for Telegram. */
export function createDrivers(parts: SandboxParts) {
  const driversOf = (type: SandboxAccount['type']) => ({
    customer(accountId: string, name: string): CustomerDriver {
      const account = parts.accounts.find((one) => one.id === accountId && one.type === type);
      if (!account) throw new Error(`No ${type} account ${accountId}.`);
      return new CustomerDriver(parts, parts.phones.meet(account, name));
    },
  });
  return { wechat: driversOf('wechat'), telegram: driversOf('telegram') };
}
