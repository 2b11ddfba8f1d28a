import type { Model } from 'mongoose';
import type { Clock } from '../clock';
import type { Signals } from '../coordination';
import type { EventLog, LoggedEvent } from './event-log';
import type { EventCarrier } from './pending';

type Carrier = EventCarrier & { _id: string };

/** How soon an event is found that nobody told of: whoever left it is gone. */
export const sweepEveryMs = 1_000;

/**
 * Moves pending events from the documents they tell of into the log. A crash between the two steps repeats the first:
 * the log knows what it has. Run as a duty, so the order of the log is the order in which one reader found them.
 */
export class Relay {
  private readonly carriers: Model<Carrier>[] = [];
  /** Collections that have something new, by their own word. */
  private readonly touched = new Set<string>();
  private sweptAt: number | null = null;
  /** Who is told on this node, without reading the log. */
  private appended: (events: LoggedEvent[]) => void = () => undefined;

  constructor(
    private readonly log: EventLog,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {
    signals.on('relay', (collection) => this.touch(collection));
  }

  /** Registers a collection whose documents carry events. */
  carry(model: unknown): void {
    this.carriers.push(model as Model<Carrier>);
  }

  onAppended(listener: (events: LoggedEvent[]) => void): void {
    this.appended = listener;
  }

  async run(): Promise<void> {
    const carriers = this.due();
    const waiting = await Promise.all(carriers.map(readWaiting));
    const events = waiting.flat().flatMap((document) => document.pendingEvents);
    const appended = await this.log.append(events.sort((a, b) => a.at.getTime() - b.at.getTime()));
    this.appended(appended);
    // Without a number when all were there: who wrote them may not have come to tell of them.
    if (events.length > 0) this.signals.send('events', `${appended.at(-1)?._id ?? ''}`);
    await Promise.all(carriers.map((carrier, at) => forgetRelayed(carrier, waiting[at] ?? [])));
  }

  /** Without a name it may be any. */
  private touch(collection: string): void {
    if (collection) this.touched.add(collection);
    else this.sweptAt = null;
  }

  /** Those that were told of, and all of them from time to time. */
  private due(): Model<Carrier>[] {
    const now = this.clock.now().getTime();
    const isRecent = this.sweptAt !== null && this.sweptAt <= now && now < this.sweptAt + sweepEveryMs;
    const some = this.carriers.filter(({ collection }) => this.touched.has(collection.name));
    this.touched.clear();
    if (isRecent && some.length > 0) return some;
    this.sweptAt = now;
    return this.carriers;
  }
}

const readWaiting = (carrier: Model<Carrier>): Promise<Carrier[]> =>
  carrier
    .find({ relayAt: { $type: 'date' } })
    .sort({ relayAt: 1 })
    .limit(200)
    .select('pendingEvents relayAt')
    .lean<Carrier[]>();

/** The mark falls with the events when nothing new came meanwhile; else they alone. */
async function forgetRelayed(carrier: Model<Carrier>, relayed: Carrier[]): Promise<void> {
  if (relayed.length === 0) return;
  const { matchedCount } = await carrier.collection.bulkWrite(relayed.map(ifUntouched) as never[]);
  if (matchedCount < relayed.length) await carrier.collection.bulkWrite(relayed.map(theirsOnly) as never[]);
}

function ifUntouched({ _id, relayAt, pendingEvents }: Carrier) {
  const ids = pendingEvents.map((event) => event.id);
  const theirs = ids.length > 0 ? { 'pendingEvents.id': { $all: ids } } : {};
  const filter = { _id, relayAt, pendingEvents: { $size: ids.length }, ...theirs };
  return { updateOne: { filter, update: { $set: { pendingEvents: [], relayAt: null } } } };
}

function theirsOnly({ _id, pendingEvents }: Carrier) {
  const ids = pendingEvents.map((event) => event.id);
  return {
    updateOne: {
      filter: { _id, 'pendingEvents.id': { $in: ids } },
      update: { $pull: { pendingEvents: { id: { $in: ids } } } },
    },
  };
}
