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
    const turn = this.begin();
    const items: T[] = [];
    for (const item of flow) {
      if (item !== null) items.push(item);
      if (turn.isOver()) await turn.give();
    }
    return items;
  }
}
