import { noLimits } from '../../src/channels/host/limits';
import { AccountGate } from '../../src/pipeline/account-gate';
import type { DeliverParts } from '../../src/pipeline/deliver';
import { Pacer } from '../../src/pipeline/pacer';
import { silentLogger } from '../../src/platform/log';
import type { ManualClock } from './manual-clock';

type Send = DeliverParts['host']['send'];

/** What a delivery needs besides the store: a platform without limits that is given each message through `send`. */
export const deliverParts = (clock: ManualClock, send: Send, { isRepeatable = true } = {}) => ({
  host: { send, isRepeatable: () => isRepeatable, limitsOf: () => noLimits },
  clock,
  log: silentLogger,
  metrics: { sends: { inc: () => undefined } },
  gate: new AccountGate({ clock, random: Math.random }),
  pacer: new Pacer(),
  random: Math.random,
  unsent: new Map<string, string>(),
  isStopping: () => false,
});
