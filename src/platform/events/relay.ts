import type { Model } from 'mongoose';
import type { Signals } from '../coordination';
import type { EventLog } from './event-log';
import type { EventCarrier } from './pending';

type Carrier = EventCarrier & { _id: string };

/**
 * Moves pending events from the documents they tell of into the log. A crash between the two steps repeats the first:
 * the log knows what it has. Run as a duty, so the order of the log is the order in which one reader found them.
 */
export class Relay {
  private readonly carriers: Model<Carrier>[] = [];

  constructor(
    private readonly log: EventLog,
    private readonly signals: Signals,
  ) {}

  /** Registers a collection whose documents carry events. */
  carry(model: unknown): void {
    this.carriers.push(model as Model<Carrier>);
  }

  async run(): Promise<void> {
    const waiting = await Promise.all(this.carriers.map(readWaiting));
    const events = waiting.flat().flatMap((document) => document.pendingEvents);
    await this.log.append(events.sort((a, b) => a.at.getTime() - b.at.getTime()));
    await Promise.all(this.carriers.map((carrier, at) => forgetRelayed(carrier, waiting[at] ?? [])));
    if (events.length > 0) this.signals.send('events');
  }
}

const readWaiting = (carrier: Model<Carrier>): Promise<Carrier[]> =>
  carrier
    .find({ relayAt: { $type: 'date' } })
    .sort({ relayAt: 1 })
    .limit(200)
    .select('pendingEvents relayAt')
    .lean<Carrier[]>();

async function forgetRelayed(carrier: Model<Carrier>, relayed: Carrier[]): Promise<void> {
  if (relayed.length === 0) return;
  await carrier.collection.bulkWrite(relayed.flatMap(withoutRelayed) as never[], { ordered: true });
}

/** The mark falls with the events when nothing new came meanwhile; else they alone. */
function withoutRelayed({ _id, relayAt, pendingEvents }: Carrier) {
  const ids = pendingEvents.map((event) => event.id);
  const theirs = ids.length > 0 ? { 'pendingEvents.id': { $all: ids } } : {};
  const untouched = { _id, relayAt, pendingEvents: { $size: ids.length }, ...theirs };
  return [
    { updateOne: { filter: untouched, update: { $set: { pendingEvents: [], relayAt: null } } } },
    {
      updateOne: {
        filter: { _id, 'pendingEvents.id': { $in: ids } },
        update: { $pull: { pendingEvents: { id: { $in: ids } } } },
      },
    },
  ];
}
