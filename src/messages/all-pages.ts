/** How many rows are looked at together. */
export const pageSize = 500;
/** Less than a page: what is handled meanwhile moves the rest forward, and none may be stepped over. */
const step = pageSize / 2;

/**
 * What waits, however much that is: each time the most urgent page, and behind a full one a further page, which goes on from
 * time to time until the end and then begins anew. So nothing stays hidden behind a long backlog, and each look reads two pages.
 */
export class AllPages {
  private skip = step;

  /** `read` answers a page, most urgent first, after so many rows. */
  async look<Row>(read: (skip: number) => Promise<Row[]>): Promise<Row[]> {
    const first = await read(0);
    if (first.length < pageSize) return first;
    const further = await read(this.skip);
    this.skip = further.length < pageSize ? step : this.skip + step;
    return [...first, ...further];
  }
}
