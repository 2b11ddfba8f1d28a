import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the backlog looks like at the moment of a scrape. */
export interface Backlog {
  oldestInboxSeconds: number;
  oldestOutboxSeconds: number;
  deadLetters: number;
  unknownSends: number;
  quarantined: number;
  sockets: number;
}

/** The duties that one node does for all, and whether it is this one. */
export type HeldDuties = { name: string; isHeld: boolean }[];

export type Metrics = ReturnType<typeof createMetrics>;

const gauges: Record<keyof Backlog, [name: string, help: string]> = {
  oldestInboxSeconds: ['parley_inbox_oldest_seconds', 'Age of the oldest message not handled yet'],
  oldestOutboxSeconds: ['parley_outbox_oldest_seconds', 'Age of the oldest message not sent yet'],
  deadLetters: ['parley_dead_letters', 'Messages set aside after too many tries'],
  unknownSends: ['parley_unknown_sends', 'Messages that a platform may or may not have taken'],
  quarantined: ['parley_quarantined', 'Signed webhooks that were not understood'],
  sockets: ['parley_console_sockets', 'Open console connections of this node'],
};

export function createMetrics(readBacklog: () => Promise<Backlog>, readDuties: () => HeldDuties = () => []) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const gaugesByKey = Object.fromEntries(
    Object.entries(gauges).map(([key, [name, help]]) => [key, new Gauge({ name, help, registers })]),
  ) as Record<keyof Backlog, Gauge>;
  const dutyHeld = new Gauge({
    name: 'parley_duty_held',
    help: 'Whether this node does the duty for all; exactly one node should',
    labelNames: ['duty'],
    registers,
  });
  const collect = async () => {
    for (const { name, isHeld } of readDuties()) dutyHeld.set({ duty: name }, isHeld ? 1 : 0);
    const backlog = await readBacklog();
    for (const key of Object.keys(gauges) as (keyof Backlog)[]) gaugesByKey[key].set(backlog[key]);
  };
  return {
    registry,
    /** Reads the gauges anew, then everything in Prometheus' text form. */
    async scrape(): Promise<string> {
      await collect();
      return registry.metrics();
    },
    acknowledged: new Histogram({
      name: 'parley_webhook_seconds',
      help: 'From a webhook to its answer',
      labelNames: ['channel', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    sends: new Counter({
      name: 'parley_sends_total',
      help: 'Calls that carry a message to a platform, by outcome',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    answered: new Histogram({
      name: 'parley_answer_seconds',
      help: "From the receipt of a contact's message to its decision carried out",
      labelNames: ['decision'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    }),
  };
}
