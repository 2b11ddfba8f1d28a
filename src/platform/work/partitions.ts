import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import type { Logger } from '../log';
import type { Claim, Claims } from './lanes';
import { leaseMs, type Lease, type Leases } from './leases';
import type { Nodes } from './nodes';

/** Into how many parts work is dealt; so many nodes at most can share it. */
export const partitionCount = 16;
/** How soon a dead node's part is taken over, and a new node gets its share. */
const lookEveryMs = 1_000;
const renewEveryMs = leaseMs / 4;
/** Above the fences of an earlier version, which gave each thread a lease of its own. */
const firstFence = 1_000_000;

interface Part {
  lease: Lease;
  until: number;
  /** How many keys of it are being worked on. */
  inUse: number;
  /** It goes to another node as soon as nothing of it is in use. */
  isLeaving: boolean;
}
interface Parts {
  leases: Leases;
  nodes: Nodes;
  clock: Clock;
  log: Logger;
}

export const partitionOf = (key: string): number =>
  createHash('sha256').update(key).digest().readUInt16BE() % partitionCount;

/**
 * Deals the keys of some work to the nodes that live: each key belongs to a partition, and each partition to the node that
 * holds its lease. A key costs no round trip; a dead node's partitions go to others when its leases run out.
 */
export class Partitions implements Claims {
  private readonly held = new Map<number, Part>();
  private readonly gained: (() => void)[] = [];
  private stopLooking: (() => void) | null = null;
  private looking: Promise<void> | null = null;
  private renewAt = 0;

  constructor(
    private readonly name: string,
    private readonly parts: Parts,
  ) {}

  start(): void {
    this.stopLooking = this.parts.clock.every(lookEveryMs, () => this.look());
    this.look();
  }

  /** Gives all of it back. Nothing may be in use any longer. */
  async stop(): Promise<void> {
    this.stopLooking?.();
    this.stopLooking = null;
    await this.looking;
    await Promise.allSettled([...this.held.keys()].map((at) => this.release(at)));
    await this.parts.nodes.leave().catch(() => undefined);
  }

  /** There is more to do for this node now. */
  onGained(listener: () => void): void {
    this.gained.push(listener);
  }

  /** Begins to work on a key. Null: it is another node's. */
  enter(key: string): Claim | null {
    const at = partitionOf(key);
    const part = this.held.get(at);
    if (!part || part.isLeaving || part.until <= this.now()) return null;
    part.inUse++;
    return {
      lease: { ...part.lease, fence: firstFence + part.lease.fence },
      leave: () => this.leave(at, part),
    };
  }

  private leave(at: number, part: Part): void {
    part.inUse--;
    if (part.isLeaving && part.inUse === 0 && this.held.get(at) === part) this.letGo(at);
  }

  private look(): void {
    this.looking ??= this.balance()
      .catch((error: unknown) => this.parts.log.warn({ err: error }, `${this.name}: cannot share the work`))
      .finally(() => (this.looking = null));
  }

  private async balance(): Promise<void> {
    await this.renew();
    const share = Math.ceil(partitionCount / (await this.parts.nodes.count()));
    const staying = [...this.held].filter(([, part]) => !part.isLeaving);
    for (const [at] of staying.slice(share)) this.giveAway(at);
    if (staying.length < share) await this.take(share - staying.length);
  }

  /** Also those in use: a lease that runs out is another node's. */
  private async renew(): Promise<void> {
    const now = this.now();
    for (const [at, part] of this.held) if (part.until <= now) this.held.delete(at);
    const isSetBack = this.renewAt > now + renewEveryMs;
    if (now < this.renewAt && !isSetBack) return;
    await this.parts.nodes.announce();
    const leases = [...this.held.values()].map(({ lease }) => lease);
    const kept = new Set(await this.parts.leases.renewAll(leases));
    for (const [at, part] of this.held)
      if (kept.has(part.lease)) part.until = now + leaseMs;
      else this.held.delete(at);
    this.renewAt = now + renewEveryMs;
  }

  private giveAway(at: number): void {
    const part = this.held.get(at);
    if (!part) return;
    part.isLeaving = true;
    if (part.inUse === 0) this.letGo(at);
  }

  private async take(wanted: number): Promise<void> {
    const free = await this.parts.leases.free(this.keys());
    // Nodes that look at once begin at different places.
    const offset = partitionOf(this.parts.nodes.own);
    const rank = (key: string) => (this.place(key) + offset) % partitionCount;
    const chosen = free
      .filter((key) => !this.held.has(this.place(key)))
      .sort((a, b) => rank(a) - rank(b))
      .slice(0, wanted);
    const until = this.now() + leaseMs;
    const taken = await Promise.all(chosen.map((key) => this.parts.leases.acquire(key)));
    for (const lease of taken)
      if (lease) this.held.set(this.place(lease.key), { lease, until, inUse: 0, isLeaving: false });
    if (taken.some((lease) => lease !== null)) for (const listener of this.gained) listener();
  }

  /** A release that fails is one that runs out. */
  private letGo(at: number): void {
    void this.release(at).catch(() => undefined);
  }

  private async release(at: number): Promise<void> {
    const part = this.held.get(at);
    this.held.delete(at);
    if (part) await this.parts.leases.release(part.lease);
  }

  private keys(): string[] {
    return Array.from({ length: partitionCount }, (_unused, at) => `${this.name}:${at}`);
  }
  private place(key: string): number {
    return Number(key.slice(this.name.length + 1));
  }
  private now(): number {
    return this.parts.clock.now().getTime();
  }
}
