import type { DeliveryOutcome } from '../../src/domain/delivery';
import type { ChannelHost, Outgoing } from '../../src/channels/host/host';
import { safePolicy, type SendPolicy } from '../../src/domain/send-policy';
import type { ChannelLimits } from '../../src/channels/host/limits';
import type { Failpoints } from './failpoint';

/** What a platform does with a call. `accepts`: it took the message, whatever it answers. */
export interface Behaviour {
  accepts: boolean;
  outcome: DeliveryOutcome;
}

/** A platform in memory: the independent witness of what was accepted, and when it was called. */
export class PlatformStandIn {
  /** Keys accepted, in order. */
  readonly accepted: { key: string; threadId: string; accountId: string; at: number }[] = [];
  readonly calls: { key: string; accountId: string; at: number }[] = [];
  /** Asked for each call; the default takes everything. */
  behave: (outgoing: Outgoing, call: number) => Behaviour = () => ({
    accepts: true,
    outcome: { ok: true, externalId: null },
  });
  /** Calls that never end. */
  stalls: (outgoing: Outgoing) => boolean = () => false;
  limits: ChannelLimits = {
    window: null,
    text: { max: 4_096, unit: 'characters' },
    source: 'test',
  };
  policy: SendPolicy = safePolicy;

  /** The channel host of one node, whose calls pass its failpoints. */
  hostOf(failpoints: Failpoints, now: () => number): ChannelHost {
    const host: Pick<ChannelHost, 'send' | 'isRepeatable' | 'limitsOf'> = {
      limitsOf: () => this.limits,
      isRepeatable: () => this.policy.lostAnswer === 'sendAgain',
      send: (outgoing) => failpoints.pass(() => this.answer(outgoing, now())),
    };
    return host as ChannelHost;
  }

  private answer(outgoing: Outgoing, at: number): Promise<DeliveryOutcome> {
    const { messageId: key, accountId } = outgoing;
    if (!this.stalls(outgoing)) return Promise.resolve(this.receive(outgoing, at));
    this.calls.push({ key, accountId, at });
    return new Promise(() => undefined);
  }

  private receive(outgoing: Outgoing, at: number): DeliveryOutcome {
    const { messageId: key, accountId, thread } = outgoing;
    this.calls.push({ key, accountId, at });
    const { accepts, outcome } = this.behave(outgoing, this.calls.length);
    if (accepts) this.accepted.push({ key, threadId: thread.id, accountId, at });
    return outcome;
  }
}
