import type { ConversationView } from '../../../../../src/contract/conversations';
import { ApiError, call } from '../../../lib/api';
import { Topics } from './topics';
import { compareIn, type View, type ViewName, viewNames, views } from './views';

export interface Listing {
  /** In their order; a new array whenever it changes. */
  ids: string[];
  state: 'idle' | 'loading' | 'ready' | 'failed';
  error: unknown;
  nextCursor: string | null;
}
const pageSize = 50;
const empty: Listing = { ids: [], state: 'idle', error: null, nextCursor: null };

/**
 * The conversations of the inbox. Rows live in one mutable map and each row and each view is watched by itself:
 * copying ten thousand rows for every event took seconds where this takes none.
 */
export class ConversationStore {
  private readonly rows = new Map<string, ConversationView>();
  private readonly listings = new Map<ViewName, Listing>();
  /** Resolved here, while it can still be undone: not told to the server yet. */
  private readonly leaving = new Set<string>();
  /** Those out of sight, and since which version: an answer that was on its way must not bring them back. */
  private readonly gone = new Map<string, number>();
  /** The reading of each view that began last: the rows that came in since it began. */
  private readonly readings = new Map<ViewName, Set<string>>();
  private readonly topics = new Topics();

  constructor(private readonly myId: () => string) {}

  get(id: string): ConversationView | undefined {
    return this.rows.get(id);
  }
  listing(view: ViewName): Listing {
    return this.listings.get(view) ?? empty;
  }
  watchRow = (id: string, tell: () => void): (() => void) => this.topics.watch(`row:${id}`, tell);
  watchView = (view: ViewName, tell: () => void): (() => void) => this.topics.watch(`view:${view}`, tell);

  /** Takes in a row from anywhere; an older version of it than we have is dropped. */
  put(row: ConversationView): void {
    const known = this.rows.get(row.id);
    const isOld = row.version <= (known?.version ?? 0) || row.version < (this.gone.get(row.id) ?? 0);
    if (isOld) return;
    this.rows.set(row.id, row);
    for (const meanwhile of this.readings.values()) meanwhile.add(row.id);
    this.topics.touch(`row:${row.id}`);
    for (const view of viewNames) this.place(view, row, known);
  }

  /** It is out of sight since this version. False: it is here in that version or a later one, so it is still in sight. */
  remove(id: string, version: number): boolean {
    const known = this.rows.get(id);
    if (known && known.version >= version) return false;
    this.gone.set(id, version);
    this.drop(id);
    return true;
  }

  /** Shows it as gone from the views, or back in them. */
  setLeaving(id: string, leaving: boolean): void {
    if (leaving) this.leaving.add(id);
    else this.leaving.delete(id);
    const row = this.rows.get(id);
    if (!row) return;
    for (const view of viewNames) this.place(view, row, row);
    this.topics.touch(`row:${id}`);
  }
  isLeaving = (id: string): boolean => this.leaving.has(id);

  /** Reads the first page of a view; what is shown stays until it is there. */
  async open(name: ViewName): Promise<void> {
    this.set(name, { ...this.listing(name), state: 'loading' });
    await this.read(name, null);
  }

  async more(name: ViewName): Promise<void> {
    const listing = this.listing(name);
    if (listing.state !== 'ready' || !listing.nextCursor) return;
    this.set(name, { ...listing, state: 'loading' });
    await this.read(name, listing.nextCursor);
  }

  /** Reads anew what is shown, in place. */
  refresh(): void {
    for (const [name, { state }] of this.listings) if (state !== 'idle') void this.open(name);
  }

  async fetch(id: string): Promise<ConversationView> {
    const known = this.rows.get(id);
    try {
      const row = await call('GET /conversations/:id', { params: { id } });
      this.put(row);
      return this.rows.get(id) ?? row;
    } catch (error) {
      const isHidden = error instanceof ApiError && error.status === 404;
      if (isHidden && this.rows.get(id) === known) this.drop(id);
      throw error;
    }
  }

  private drop(id: string): void {
    this.rows.delete(id);
    for (const [name, listing] of this.listings)
      if (listing.ids.includes(id))
        this.set(name, { ...listing, ids: listing.ids.filter((other) => other !== id) });
    this.topics.touch(`row:${id}`);
  }

  private async read(name: ViewName, cursor: string | null): Promise<void> {
    const view = views[name];
    const meanwhile = new Set<string>();
    this.readings.set(name, meanwhile);
    const isLast = () => this.readings.get(name) === meanwhile;
    try {
      const query = { ...view.query, cursor: cursor ?? undefined, limit: pageSize };
      const page = await call('GET /conversations', { query });
      if (!isLast()) return;
      for (const row of page.items) this.put(row);
      const before = cursor ? this.listing(name).ids : [];
      const moved = [...meanwhile].filter((id) =>
        isWithin(view, this.rows.get(id), page.items.at(-1), page.nextCursor),
      );
      // Events may have moved rows meanwhile, so what belongs here is asked of the rows as they are now.
      const ids = [...new Set([...before, ...page.items.map(({ id }) => id), ...moved])];
      this.set(name, {
        ids: this.sorted(view, ids),
        state: 'ready',
        error: null,
        nextCursor: page.nextCursor,
      });
    } catch (error) {
      if (isLast()) this.set(name, { ...this.listing(name), state: 'failed', error });
    } finally {
      if (isLast()) this.readings.delete(name);
    }
  }

  private sorted(view: View, ids: string[]): string[] {
    return ids
      .map((id) => this.rows.get(id))
      .filter((row): row is ConversationView => row !== undefined && this.holds(view, row))
      .sort((one, other) => compareIn(view, one, other))
      .map(({ id }) => id);
  }

  private holds(view: View, row: ConversationView): boolean {
    return view.holds(row, this.myId()) && (view === views.resolved || !this.leaving.has(row.id));
  }

  /** Sorts a changed row into a view, out of it, or to its new place. */
  private place(name: ViewName, row: ConversationView, known: ConversationView | undefined): void {
    const listing = this.listings.get(name);
    if (!listing || listing.state === 'idle') return;
    const view = views[name];
    const at = listing.ids.indexOf(row.id);
    const belongs = this.holds(view, row) && (at >= 0 || this.isLoadedPart(view, listing, row));
    if (!belongs && at < 0) return;
    if (belongs && at >= 0 && known && compareIn(view, row, known) === 0) return;
    const ids = at < 0 ? [...listing.ids] : listing.ids.toSpliced(at, 1);
    if (belongs) ids.splice(this.placeOf(view, ids, row), 0, row.id);
    this.set(name, { ...listing, ids });
  }

  /** What sorts after the last row that was read comes with its own page. */
  private isLoadedPart(view: View, { ids, nextCursor }: Listing, row: ConversationView): boolean {
    const last = this.rows.get(ids.at(-1) ?? '');
    return nextCursor === null || !last || compareIn(view, row, last) < 0;
  }

  private placeOf(view: View, ids: string[], row: ConversationView): number {
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.rows.get(ids[middle] ?? '');
      if (other && compareIn(view, other, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private set(name: ViewName, listing: Listing): void {
    this.listings.set(name, listing);
    this.topics.touch(`view:${name}`);
  }
}

/** Of rows that changed while a page was read, those beyond it are left out: they come with theirs. */
function isWithin(
  view: View,
  row: ConversationView | undefined,
  last: ConversationView | undefined,
  nextCursor: string | null,
): boolean {
  if (!row) return false;
  return nextCursor === null || !last || compareIn(view, row, last) <= 0;
}
