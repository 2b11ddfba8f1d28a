import type { ReadyEvent, ResumeAnswer, ServerEvent } from '../../contract/events';
import { contractVersion } from '../../contract/version';
import { atLeast, maySee, type Audience, type Viewer } from '../../domain/role';
import type { EventLog, LoggedEvent } from '../events/event-log';
import { audienceOf, EventWindow } from './window';

/** One open console. `send` must not wait. */
export interface FeedMember {
  /** Its socket's. */
  id: string;
  viewer: Viewer;
  send(event: ServerEvent | ReadyEvent): void;
  ping?(head: { seq: number; now: string }): void;
}

type SendToAll = (members: FeedMember[], event: ServerEvent) => void;

/** Consoles that see the same events share one chain, so an event is told to all of them with one `prev`. */
interface Chain {
  viewer: Viewer;
  head: number;
  members: Set<FeedMember>;
}

/** More missed events than this are read anew faster than replayed. */
const longestReplay = 1_000;
const batch = 500;

/**
 * Follows the event log of the store and tells every open console of this node what it may see, in order and without a gap:
 * `prev` is the event before it that this viewer may see.
 */
export class EventFeed {
  private readonly chains = new Map<string, Chain>();
  private readonly window = new EventWindow();
  private cursor = 0;
  private reading: Promise<void> | null = null;
  private readAgain = false;
  private sendToAll: SendToAll = (members, event) => {
    for (const member of members) member.send(event);
  };

  constructor(
    private readonly log: EventLog,
    private readonly now: () => Date,
  ) {}

  async start(): Promise<void> {
    this.cursor = await this.log.head();
    const from = Math.max(0, this.cursor - longestReplay);
    const last = await this.log.read(from, longestReplay);
    this.window.reset(
      last.filter(({ _id }) => _id <= this.cursor),
      this.cursor,
    );
  }

  /** How one event reaches many consoles without being written anew for each. */
  sendTogether(sendToAll: SendToAll): void {
    this.sendToAll = sendToAll;
  }

  /** New events as they were written to the log. Where one before them is missing, `catchUp` reads them all. */
  follow(events: LoggedEvent[]): void {
    for (const event of events) if (event._id === this.cursor + 1) this.tell(event);
  }

  /** There may be new events, up to this number. */
  async catchUp(upTo = Infinity): Promise<void> {
    if (upTo <= this.cursor) return;
    if (this.reading) {
      this.readAgain = true;
      return this.reading;
    }
    this.reading = this.readOn().finally(() => (this.reading = null));
    return this.reading;
  }

  /** Adds a console and tells it where its chain stands. */
  async join(member: FeedMember): Promise<void> {
    const { viewer } = member;
    const shared: Viewer = { ...viewer, agentId: '' };
    const { own, common } = await this.settled(async (upTo) => ({
      own: await this.headFor(viewer, upTo),
      common: await this.headFor(shared, upTo),
    }));
    // Someone who has seen an event that their teams have not needs a chain of their own.
    const chain =
      own === common ? this.chain(sharedKey(viewer), shared, common) : this.personalChain(viewer, own);
    chain.members.add(member);
    const { head } = chain;
    member.send({
      seq: head,
      prev: head,
      type: 'ready',
      at: this.now().toISOString(),
      data: { contractVersion, role: viewer.role, teamIds: [...viewer.teamIds].sort() },
    });
  }

  leave(member: FeedMember): void {
    for (const [key, chain] of this.chains) this.remove(member, key, chain);
  }

  /** What a viewer missed since `cursor`, with the same chain of `prev`. */
  async resume(viewer: Viewer, cursor: number): Promise<ResumeAnswer> {
    const missed = await this.missedBy(viewer, cursor);
    if (missed === 'reset' || missed.length > longestReplay) return { reset: true };
    let prev = missed.length > 0 ? await this.headFor(viewer, cursor) : cursor;
    const events = missed.map((event) => {
      const told = toServerEvent(event, prev);
      prev = event._id;
      return told;
    });
    return { events };
  }

  private async missedBy(viewer: Viewer, cursor: number): Promise<LoggedEvent[] | 'reset'> {
    const upTo = this.cursor;
    if (cursor > upTo) return 'reset';
    if (this.window.covers(cursor)) return this.window.after(viewer, cursor);
    if (cursor + 1 < (await this.log.oldest())) return 'reset';
    const missed = await this.log.readFor(viewer, cursor, longestReplay + 1);
    return missed.length > longestReplay ? 'reset' : missed.filter((event) => event._id <= upTo);
  }

  private async headFor(viewer: Viewer, upTo: number): Promise<number> {
    return this.window.headFor(viewer, upTo) ?? (await this.log.headFor(viewer, upTo));
  }

  /** Where each open console stands, so that it can find a silent gap. */
  heads(): { member: FeedMember; head: number }[] {
    return [...this.chains.values()].flatMap(({ members, head }) =>
      [...members].map((member) => ({ member, head })),
    );
  }

  private async readOn(): Promise<void> {
    do {
      this.readAgain = false;
      for (;;) {
        const events = await this.log.read(this.cursor, batch);
        // Some of it may have been told of meanwhile.
        for (const event of events) if (event._id > this.cursor) this.tell(event);
        if (events.length < batch) break;
      }
    } while (this.readAgain);
  }

  private tell(event: LoggedEvent): void {
    const audience = audienceOf(event);
    for (const [key, chain] of this.chains)
      if (!maySee(chain.viewer, audience)) this.partOwners(key, chain, audience);
    for (const chain of this.chains.values()) if (maySee(chain.viewer, audience)) this.extend(chain, event);
    this.window.add(event);
    this.cursor = event._id;
  }

  private extend(chain: Chain, event: LoggedEvent): void {
    const told = toServerEvent(event, chain.head);
    this.sendToAll([...chain.members], told);
    chain.head = event._id;
  }

  /** Members who see it as its owner, though their teams do not, go on with a chain of their own. */
  private partOwners(key: string, chain: Chain, audience: Audience): void {
    for (const member of chain.members) {
      if (!maySee(member.viewer, audience)) continue;
      this.remove(member, key, chain);
      this.personalChain(member.viewer, chain.head).members.add(member);
    }
  }

  private remove(member: FeedMember, key: string, chain: Chain): void {
    if (chain.members.delete(member) && chain.members.size === 0) this.chains.delete(key);
  }

  private personalChain(viewer: Viewer, head: number): Chain {
    return this.chain(`me:${viewer.agentId}:${sharedKey(viewer)}`, viewer, head);
  }

  private chain(key: string, viewer: Viewer, head: number): Chain {
    const chain = this.chains.get(key) ?? { viewer, head, members: new Set() };
    this.chains.set(key, chain);
    return chain;
  }

  /** Reads until nothing was told meanwhile, so that what was read is still true. */
  private async settled<T>(read: (upTo: number) => Promise<T>): Promise<T> {
    for (;;) {
      const upTo = this.cursor;
      const result = await read(upTo);
      if (upTo === this.cursor) return result;
    }
  }
}

/** Viewers who share it see the same, apart from what one of them sees as its owner. */
export const sharedKey = ({ role, teamIds }: Viewer): string =>
  atLeast(role, 'supervisor') ? role : `${role}:${[...teamIds].sort().join(',')}`;

const toServerEvent = (event: LoggedEvent, prev: number): ServerEvent =>
  ({ seq: event._id, prev, type: event.type, at: event.at.toISOString(), data: event.data }) as ServerEvent;
