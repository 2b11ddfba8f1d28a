/** How many may be under way at the same time, in all and for one key: what each of them keeps in memory is bounded by it. */
export class AtOnce {
  private readonly running = new Map<string, number>();
  private total = 0;

  constructor(
    private readonly most: number,
    private readonly mostOfOne: number,
  ) {}

  /** Null: not now. Else call it when it is over, once or more. */
  enter(key: string): (() => void) | null {
    const mine = this.running.get(key) ?? 0;
    if (this.total >= this.most || mine >= this.mostOfOne) return null;
    this.total++;
    this.running.set(key, mine + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.total--;
      const left = (this.running.get(key) ?? 1) - 1;
      if (left > 0) this.running.set(key, left);
      else this.running.delete(key);
    };
  }
}
