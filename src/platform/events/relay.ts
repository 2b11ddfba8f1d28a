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
    let moved = 0;
    for (const carrier of this.carriers) moved += await this.drain(carrier);
    if (moved > 0) this.signals.send('events');
  }

  private async drain(carrier: Model<Carrier>): Promise<number> {
    const waiting = await carrier
      .find({ relayAt: { $type: 'date' } })
      .sort({ relayAt: 1 })
      .limit(200)
      .select('pendingEvents relayAt')
      .lean<Carrier[]>();
    const events = waiting.flatMap((document) => document.pendingEvents);
    await this.log.append(events.sort((a, b) => a.at.getTime() - b.at.getTime()));
    if (waiting.length > 0) await carrier.bulkWrite(waiting.map(forgetRelayed), { ordered: false });
    return events.length;
  }
}

/** Takes the relayed events out; the mark falls only when nothing new came meanwhile. */
function forgetRelayed(document: Carrier) {
  const ids = document.pendingEvents.map((event) => event.id);
  const untouched = { _id: document._id, relayAt: document.relayAt, pendingEvents: { $size: 0 } };
  return ids.length === 0
    ? { updateOne: { filter: untouched, update: { $set: { relayAt: null } } } }
    : {
        updateOne: {
          filter: { _id: document._id },
          update: { $pull: { pendingEvents: { id: { $in: ids } } } },
        },
      };
}
