import { maySee, type Audience, type Role, type Viewer } from '../../domain/role';
import type { LoggedEvent } from '../events/event-log';

/** As many events as a console may catch up with, and as many before them. */
const mostKept = 2_000;

/**
 * The end of the event log in memory, without a gap: consoles that all come back at once are answered from here, and
 * the store is not asked for each of them.
 */
export class EventWindow {
  private events: LoggedEvent[] = [];
  /** The number before the first event that is kept. */
  private before = 0;

  /** Begins anew with the last events of the log, in order; `head` is the last number given. */
  reset(events: LoggedEvent[], head: number): void {
    this.events = events;
    this.before = (events[0]?._id ?? head + 1) - 1;
  }

  /** The next event of the log. */
  add(event: LoggedEvent): void {
    this.events.push(event);
    // Not at each event: moving all of them costs as much as they are.
    if (this.events.length >= mostKept * 2) this.reset(this.events.slice(-mostKept), event._id);
  }

  /** Does it hold all that came after this number? */
  covers(cursor: number): boolean {
    return cursor >= this.before;
  }

  /** What this viewer may see after a number that it covers, in order. */
  after(viewer: Viewer, cursor: number): LoggedEvent[] {
    return this.events.slice(cursor - this.before).filter((event) => maySee(viewer, audienceOf(event)));
  }

  /** The last event up to `upTo` that this viewer may see. Null: none of those that are kept. */
  headFor(viewer: Viewer, upTo: number): number | null {
    for (let place = Math.min(upTo - this.before, this.events.length) - 1; place >= 0; place--) {
      const event = this.events[place];
      if (event && maySee(viewer, audienceOf(event))) return event._id;
    }
    return null;
  }
}

export const audienceOf = ({ teamId, agentIds, minimumRole }: LoggedEvent): Audience =>
  minimumRole ? { teamId, agentIds, minimumRole: minimumRole as Role } : { teamId, agentIds };
