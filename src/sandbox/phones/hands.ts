import type { PlatformDouble } from '../platform-double';
import type { SandboxAccount } from '../options';
import { type Act, UnknownAct } from './act';
import type { Courier, DeliveryReport } from './courier';
import type { Customer } from './customer';
import type { Phones } from './phones';

interface Parts {
  accounts: SandboxAccount[];
  platforms: Partial<Record<SandboxAccount['type'], PlatformDouble>>;
  phones: Phones;
  courier: Courier;
}

/** Does on the phones what customers do. What one customer does goes out in order. */
export class Hands {
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: Parts) {}

  /** Resolves when the webhook was accepted, or given up. */
  perform(customer: Customer, act: Act): Promise<DeliveryReport> {
    const before = this.queues.get(customer.id) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(() => this.performNow(customer, act));
    this.queues.set(customer.id, mine);
    return mine;
  }

  private async performNow(customer: Customer, act: Act): Promise<DeliveryReport> {
    const { phones, courier } = this.parts;
    const platform = this.platformOf(customer, act);
    const outcome = platform.act(customer, act);
    const message = outcome.shown && phones.post(customer, outcome.shown);
    phones.changed(customer);
    const report = await courier.deliver(customer.accountId, platform, outcome);
    if (message) {
      message.delivery = report.delivered ? 'delivered' : 'refused';
      phones.show(customer, message);
    }
    if (!report.delivered && platform.refusalNotice)
      phones.post(customer, { platformId: '', from: 'notice', kind: 'text', text: platform.refusalNotice });
    return report;
  }

  private platformOf(customer: Customer, act: Act): PlatformDouble {
    const account = this.parts.accounts.find((one) => one.id === customer.accountId);
    const platform = account && this.parts.platforms[account.type];
    if (!platform) throw new UnknownAct(act.kind, account?.type ?? 'missing');
    return platform;
  }
}
