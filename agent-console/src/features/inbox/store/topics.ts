/** A frame that has not come by then will not come soon. */
const frameMissingMs = 60;

/**
 * Who watches what. Touches are gathered and told once a frame, so that a rush of a thousand events draws as often as the screen can.
 * A page that is hidden or covered gets no frames: a timer stands in for them.
 */
export class Topics {
  private readonly watchers = new Map<string, Set<() => void>>();
  private readonly touched = new Set<string>();
  private scheduled = false;

  watch(topic: string, tell: () => void): () => void {
    const watching = this.watchers.get(topic) ?? new Set();
    this.watchers.set(topic, watching.add(tell));
    return () => {
      watching.delete(tell);
      if (watching.size === 0 && this.watchers.get(topic) === watching) this.watchers.delete(topic);
    };
  }

  isWatched = (topic: string): boolean => this.watchers.has(topic);

  touch(topic: string): void {
    this.touched.add(topic);
    if (this.scheduled) return;
    this.scheduled = true;
    if (!document.hidden) requestAnimationFrame(this.tellAll);
    setTimeout(this.tellAll, frameMissingMs);
  }

  /** At once: a field that shows what is typed must not wait for a frame, or React puts the older text back. */
  tellNow(topic: string): void {
    for (const tell of [...(this.watchers.get(topic) ?? [])]) tell();
  }

  private readonly tellAll = (): void => {
    if (!this.scheduled) return;
    this.scheduled = false;
    const topics = [...this.touched];
    this.touched.clear();
    for (const topic of topics) this.tellNow(topic);
  };
}
