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
  isDead = false;
  private released = false;

  constructor(private readonly death: Death | null = null) {}

  async pass<T>(act: () => Promise<T>): Promise<T> {
    if (this.released) return act();
    if (this.isDead) return never();
    const step = ++this.steps;
    if (this.dies(step, 'before')) return never();
    const [result] = await Promise.allSettled([act()]);
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
      server.command = (...args) => this.pass(() => command(...args));
    }
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
