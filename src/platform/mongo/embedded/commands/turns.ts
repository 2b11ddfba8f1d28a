const longestMs = 4;

export interface Turn {
  isOver(): boolean;
  /** Lets others go first. */
  give(): Promise<void>;
}

/** Long commands take turns: after a few milliseconds the others, and what the sockets brought, go on. */
export class Turns {
  constructor(private readonly refresh: () => void) {}

  begin(): Turn {
    let startedAt = performance.now();
    return {
      isOver: () => performance.now() - startedAt > longestMs,
      give: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        this.refresh();
        startedAt = performance.now();
      },
    };
  }

  /** Everything of a flow, taking turns. */
  async all<T>(flow: Iterable<T | null>): Promise<T[]> {
    const items: T[] = [];
    await this.each(flow, (item) => void items.push(item));
    return items;
  }

  async sum(parts: Iterable<number>): Promise<number> {
    let sum = 0;
    await this.each(parts, (part) => void (sum += part));
    return sum;
  }

  /** One after the other, holding none. Answers how many there were. */
  async each<T>(flow: Iterable<T | null>, visit: (item: T) => void = () => undefined): Promise<number> {
    const turn = this.begin();
    let count = 0;
    for (const item of flow) {
      if (item !== null) {
        visit(item);
        count++;
      }
      if (turn.isOver()) await turn.give();
    }
    return count;
  }
}
