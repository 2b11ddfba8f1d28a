import type { MessageView } from '../../../../../src/contract/messages';
import { call } from '../../../lib/api';
import { isRetry, mergeMessage } from './merge-message';
import { Topics } from './topics';

export interface Thread {
  /** By seq; a new array whenever something changes. */
  messages: MessageView[];
  state: 'idle' | 'loading' | 'ready' | 'failed';
  error: unknown;
  /** There are older ones on the server. */
  hasOlder: boolean;
  loadingOlder: boolean;
}
const nothing: Thread = { messages: [], state: 'idle', error: null, hasOlder: false, loadingOlder: false };
const pageSize = 50;
/** Every seq is below it. */
const beyondAll = 2 ** 31 - 1;
/** Threads that nobody looks at are kept for a quick return, the last few of them. */
const mostKept = 20;

/** The messages of the conversations that were opened. */
export class ThreadStore {
  private readonly threads = new Map<string, Thread>();
  /** The last reading of each: what an earlier one answers later is out of date. */
  private readonly readings = new Map<string, symbol>();
  private readonly topics = new Topics();

  get(id: string): Thread {
    return this.threads.get(id) ?? nothing;
  }
  watch = (id: string, tell: () => void): (() => void) => this.topics.watch(id, tell);
  lastSeq = (id: string): number => this.get(id).messages.at(-1)?.seq ?? 0;

  /** Reads the newest page, unless it is there. */
  async open(id: string): Promise<void> {
    const thread = this.get(id);
    this.threads.delete(id);
    this.set(id, thread.state === 'ready' ? thread : { ...thread, state: 'loading' });
    this.forgetOldest();
    if (thread.state !== 'ready') await this.readNewest(id);
  }

  async older(id: string): Promise<void> {
    const thread = this.get(id);
    const first = thread.messages[0];
    if (!first || !thread.hasOlder || thread.loadingOlder) return;
    this.set(id, { ...thread, loadingOlder: true });
    const items = await this.read(id, first.seq).catch(() => null);
    if (!this.threads.has(id)) return;
    // Read anew meanwhile, it may begin elsewhere.
    const fits = this.get(id).messages[0]?.id === first.id;
    if (items && fits) this.merge(id, items, { hasOlder: items.length === pageSize, loadingOlder: false });
    else this.set(id, { ...this.get(id), loadingOlder: false });
  }

  /** From an event, or the answer to a send. */
  put(message: MessageView, { again = false } = {}): void {
    const { conversationId } = message;
    if (!this.threads.has(conversationId)) return;
    const known = this.get(conversationId).messages.find(({ id }) => id === message.id);
    this.merge(
      conversationId,
      [again && isRetry(known, message) ? { ...message } : mergeMessage(known, message)],
      {},
      true,
    );
  }

  forget(id: string): void {
    this.threads.delete(id);
    this.readings.delete(id);
    this.topics.touch(id);
  }

  /** Reads the open threads anew, in place; what nobody sees is read when it is opened. */
  refresh(): void {
    for (const [id, thread] of this.threads) {
      if (this.topics.isWatched(id)) void this.readNewest(id);
      else this.threads.set(id, { ...thread, state: 'idle' });
    }
  }

  private async readNewest(id: string): Promise<void> {
    const reading = Symbol(id);
    this.readings.set(id, reading);
    const isLast = () => this.readings.get(id) === reading;
    try {
      const items = await this.read(id, beyondAll);
      if (isLast()) this.startWith(id, items);
    } catch (error) {
      if (isLast()) this.set(id, { ...this.get(id), state: 'failed', error });
    }
  }

  /**
   * Between what was known and the newest page something may be missing, so nothing before the page is kept: the older part
   * is read again when it is scrolled to.
   */
  private startWith(id: string, page: MessageView[]): void {
    const first = page[0]?.seq ?? 0;
    const known = this.get(id).messages.filter(({ seq }) => seq >= first);
    this.set(id, { ...this.get(id), messages: known });
    this.merge(id, page, { state: 'ready', error: null, hasOlder: page.length === pageSize });
  }

  private async read(id: string, before: number): Promise<MessageView[]> {
    const query = { before, limit: pageSize };
    return (await call('GET /conversations/:id/messages', { params: { id }, query })).items;
  }

  private merge(id: string, news: MessageView[], change: Partial<Thread>, isFinal = false): void {
    const byId = new Map(this.get(id).messages.map((message) => [message.id, message]));
    for (const message of news)
      byId.set(message.id, isFinal ? message : mergeMessage(byId.get(message.id), message));
    const messages = [...byId.values()].sort((one, other) => one.seq - other.seq);
    this.set(id, { ...this.get(id), ...change, messages });
  }

  private set(id: string, thread: Thread): void {
    this.threads.set(id, thread);
    this.topics.touch(id);
  }

  private forgetOldest(): void {
    for (const id of this.threads.keys()) {
      if (this.threads.size <= mostKept) return;
      if (!this.topics.isWatched(id)) this.forget(id);
    }
  }
}
