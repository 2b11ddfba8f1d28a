import { MongoNetworkError } from 'mongodb';
import type { Connection } from 'mongoose';

/** Where a node dies: at its n-th step, before it takes effect or after it did and before anyone hears of it. */
export interface Death {
  step: number;
  when: 'before' | 'after';
}

const never = () => new Promise<never>(() => undefined);

/**
 * Every await of a node that reaches beyond its process: round trips to the store and calls to platforms. A node that
 * dies at one of them goes on with nothing: no code behind the await runs, as after a kill -9.
 */
export class Failpoints {
  steps = 0;
  /** Of these, how many began while no other was under way: what waits one for the other. */
  turns = 0;
  isDead = false;
  /** How many steps are under way now. */
  inFlight = 0;
  /** The store cannot be reached now: every command fails, before or (a lost answer) after it took effect. */
  storeIsAway: false | 'before' | 'after' = false;
  private released = false;
  private goOn: (() => void) | null = null;

  constructor(
    private readonly death: Death | null = null,
    /** Stops here as under SIGSTOP, until `resume`. */
    private pauseAt: number | null = null,
  ) {}

  get isPaused(): boolean {
    return this.goOn !== null;
  }

  resume(): void {
    this.goOn?.();
    this.goOn = null;
  }

  async pass<T>(act: () => Promise<T>): Promise<T> {
    if (this.released) return act();
    if (this.isDead) return never();
    const step = ++this.steps;
    if (step === this.pauseAt || this.paused) await this.pause();
    if (this.dies(step, 'before')) return never();
    if (this.inFlight++ === 0) this.turns++;
    const [result] = await Promise.allSettled([act()]);
    this.inFlight--;
    if (this.isDead || this.dies(step, 'after')) return never();
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  /** Sends every command of this connection through here. */
  guard(connection: Connection): void {
    const { topology } = connection.getClient() as unknown as {
      topology: { s: { servers: Map<string, { command: (...args: unknown[]) => Promise<unknown> }> } };
    };
    for (const server of topology.s.servers.values()) {
      const command = server.command.bind(server);
      server.command = (...args) => this.pass(() => this.reach(() => command(...args)));
    }
  }

  private async reach<T>(command: () => Promise<T>): Promise<T> {
    if (this.storeIsAway === 'before') throw new MongoNetworkError('cut before the command');
    const answer = await command();
    if (this.storeIsAway === 'after') throw new MongoNetworkError('cut before the answer');
    return answer;
  }

  private paused: Promise<void> | null = null;
  private async pause(): Promise<void> {
    this.paused ??= new Promise((resolve) => {
      this.goOn = () => {
        this.paused = null;
        this.pauseAt = null;
        resolve();
      };
    });
    await this.paused;
  }

  /** Lets the connection of the dead be closed. */
  release(): void {
    this.released = true;
  }

  private dies(step: number, when: Death['when']): boolean {
    if (step !== this.death?.step || when !== this.death.when) return false;
    this.isDead = true;
    return true;
  }
}
