import { accountOf, threadOf } from '../messages/outbox';
import { Lanes } from '../platform/work/lanes';
import type { Clock } from '../platform/clock';
import type { Signals } from '../platform/coordination';
import type { Logger } from '../platform/log';
import type { Leases } from '../platform/work/leases';
import type { Nodes } from '../platform/work/nodes';
import { Partitions } from '../platform/work/partitions';
import { AccountGate } from './account-gate';
import { deliverThread, type DeliverParts } from './deliver';
import { Pacer } from './pacer';
import { Effects, type EffectParts } from './effects';
import { Receipts } from './receipts';
import { routeThread, type RouteParts } from './route';

export interface PipelineParts
  extends
    Omit<RouteParts, 'effects' | 'receipts'>,
    Omit<EffectParts, 'messages'>,
    Omit<DeliverParts, 'random' | 'gate' | 'pacer' | 'unsent' | 'isStopping'> {
  leases: Leases;
  nodes: Nodes;
  clock: Clock;
  signals: Signals;
  log: Logger;
}

export interface Pipeline {
  start(): void;
  /** Takes nothing new and finishes what runs. */
  stop(): Promise<void>;
}

const threadsAtOnce = 128;
/** For each account: 80 messages a second at a platform that takes 0.8 s. */
const sendsAtOnce = 64;
const pollMs = 1_000;

/** The way of a message: from the inbox through a decision to the outbox, and from there to the platform. */
export function createPipeline(parts: PipelineParts): Pipeline {
  const effects = new Effects(parts);
  const receipts = new Receipts(parts);
  const routing = { ...parts, effects, receipts };
  const gate = new AccountGate({ clock: parts.clock, random: Math.random });
  let isStopping = false;
  const delivering = {
    ...parts,
    gate,
    pacer: new Pacer(),
    unsent: new Map<string, string>(),
    random: Math.random,
    isStopping: () => isStopping,
  };
  const claims = new Partitions('threads', parts);
  const working = { ...parts, claims };
  const inbound = new Lanes(
    {
      name: 'inbox',
      pending: () => parts.inbox.pendingThreads(),
      run: (threadId, lease) => routeThread(routing, threadId, lease),
      concurrency: threadsAtOnce,
      pollMs,
    },
    working,
  );
  const outbound = new Lanes(
    {
      name: 'outbox',
      pending: () => parts.outbox.pendingLanes(gate.closed()),
      run: (lane) => deliverThread(delivering, threadOf(lane)),
      // Each account has its own: one that answers after ten seconds holds up nobody else.
      groupOf: accountOf,
      partitionKeyOf: threadOf,
      concurrency: sendsAtOnce,
      pollMs,
    },
    working,
  );
  parts.signals.on('inbox', (threadId) => inbound.wake(threadId));
  parts.signals.on('outbox', (lane) => outbound.wake(lane));
  return {
    start() {
      isStopping = false;
      claims.start();
      inbound.start();
      outbound.start();
    },
    async stop() {
      isStopping = true;
      await inbound.stop();
      await outbound.stop();
      await claims.stop();
    },
  };
}
