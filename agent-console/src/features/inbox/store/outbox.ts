import type { MessageView } from '../../../../../src/contract/messages';
import { ApiError, call } from '../../../lib/api';
import type { OutboxDb } from './outbox-db';
import { freshForMs, type Mode, type OutboxItem, type OutboxState } from './outbox-item';
import { Topics } from './topics';

interface Parts {
  db: Pick<OutboxDb, 'all' | 'put' | 'remove'>;
  myId(): string;
  newId(): string;
  now(): number;
  /** The server has it. */
  stored(message: MessageView): void;
}
const retryMs = 4_000;
const none: OutboxItem[] = [];

/**
 * Sends what agents write, once: every try carries the same id, so the server keeps one copy however often it hears of it.
 * Items of one conversation go in their order; what cannot go waits for a connection or for a person.
 */
export class Outbox {
  private items: OutboxItem[] = [];
  private byConversation = new Map<string, OutboxItem[]>();
  private readonly topics = new Topics();
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly sending = new Set<string>();

  constructor(private readonly parts: Parts) {}

  of(conversationId: string): OutboxItem[] {
    return this.byConversation.get(conversationId) ?? none;
  }
  watch = (conversationId: string, tell: () => void): (() => void) => this.topics.watch(conversationId, tell);

  /** What an earlier page of this agent left behind. */
  async load(): Promise<void> {
    const left = (await this.parts.db.all()).filter(({ agentId }) => agentId === this.parts.myId());
    const known = new Set(this.items.map(({ clientMessageId }) => clientMessageId));
    const earlier = left.filter(({ clientMessageId }) => !known.has(clientMessageId)).sort(byTimeWritten);
    this.items = [...earlier, ...this.items];
    for (const item of earlier) this.keep(this.aged(item));
    this.flush();
  }

  write(conversationId: string, mode: Mode, text: string, lastSeenSeq: number): void {
    const item: OutboxItem = {
      clientMessageId: this.parts.newId(),
      conversationId,
      agentId: this.parts.myId(),
      mode,
      text,
      lastSeenSeq,
      writtenAt: new Date(this.parts.now()).toISOString(),
      state: { kind: 'sending' },
    };
    this.keep(item);
    void this.sendNext(conversationId);
  }

  /** Sends what waited for a decision, whatever came since. */
  sendAnyway(item: OutboxItem): void {
    this.keep({ ...item, lastSeenSeq: null, state: { kind: 'sending' } });
    void this.sendNext(item.conversationId);
  }

  drop({ clientMessageId, conversationId }: OutboxItem): void {
    this.items = this.items.filter((item) => item.clientMessageId !== clientMessageId);
    this.regroup(conversationId);
    void this.parts.db.remove(clientMessageId).catch(() => undefined);
  }

  /** There is a connection (again). */
  flush(): void {
    for (const item of this.items) if (isUnderWay(item)) this.keep(this.aged(item));
    for (const conversationId of this.byConversation.keys()) void this.sendNext(conversationId);
  }

  /** The echo may be quicker than the answer. */
  settle({ conversationId, clientMessageId }: MessageView): void {
    const item = this.of(conversationId).find((one) => one.clientMessageId === clientMessageId);
    if (item) this.drop(item);
  }

  private aged(item: OutboxItem): OutboxItem {
    if (!isUnderWay(item)) return item;
    if (this.sending.has(item.conversationId)) return item;
    const isOld = this.parts.now() - Date.parse(item.writtenAt) > freshForMs;
    return { ...item, state: isOld && item.mode === 'reply' ? { kind: 'stale' } : { kind: 'sending' } };
  }

  private async sendNext(conversationId: string): Promise<void> {
    if (this.sending.has(conversationId)) return;
    this.sending.add(conversationId);
    try {
      for (;;) {
        const next = this.of(conversationId).find(isUnderWay);
        // What is written after one that waits must not come before it.
        if (next?.state.kind === 'waiting') return this.tryAgainSoon();
        if (!next || !(await this.send(next))) return;
      }
    } finally {
      this.sending.delete(conversationId);
    }
  }

  /** False: nothing more can go now. */
  private async send(item: OutboxItem): Promise<boolean> {
    try {
      this.parts.stored(await post(item));
      this.drop(item);
      return true;
    } catch (error) {
      const state = stateAfter(error);
      this.keep({ ...item, state });
      if (state.kind === 'waiting') this.tryAgainSoon();
      return state.kind !== 'waiting';
    }
  }

  /** A server in trouble may mend without the connection having gone. */
  private tryAgainSoon(): void {
    this.retryTimer ??= setTimeout(() => {
      this.retryTimer = undefined;
      this.flush();
    }, retryMs);
  }

  private keep(item: OutboxItem): void {
    const at = this.items.findIndex(({ clientMessageId }) => clientMessageId === item.clientMessageId);
    this.items = at < 0 ? [...this.items, item] : this.items.with(at, item);
    this.regroup(item.conversationId);
    void this.parts.db.put(item).catch(() => undefined);
  }

  private regroup(conversationId: string): void {
    const own = this.items.filter((item) => item.conversationId === conversationId);
    if (own.length > 0) this.byConversation.set(conversationId, own);
    else this.byConversation.delete(conversationId);
    this.topics.touch(conversationId);
  }
}

/** It goes by itself, now or later. */
const isUnderWay = ({ state }: OutboxItem): boolean => state.kind === 'waiting' || state.kind === 'sending';

/** The disk keeps them by their ids, which are random. */
const byTimeWritten = (one: OutboxItem, other: OutboxItem): number =>
  one.writtenAt.localeCompare(other.writtenAt) || one.clientMessageId.localeCompare(other.clientMessageId);

function post({
  conversationId: id,
  mode,
  text,
  clientMessageId,
  lastSeenSeq,
}: OutboxItem): Promise<MessageView> {
  if (mode === 'note')
    return call('POST /conversations/:id/notes', { params: { id }, body: { text, clientMessageId } });
  const body = { text, clientMessageId, ...(lastSeenSeq !== null && { lastSeenSeq }) };
  return call('POST /conversations/:id/messages', { params: { id }, body });
}

/** What the session's end, a restart or a lost network stop is tried again; a refusal is a person's matter. */
function stateAfter(error: unknown): OutboxState {
  if (!(error instanceof ApiError)) return { kind: 'refused', code: 'internal', reason: String(error) };
  const { status, code, message, details } = error;
  if (status === 0 || status === 401 || status === 429 || status >= 500) return { kind: 'waiting' };
  if (code === 'collision')
    return { kind: 'collision', message: (details as { message: MessageView }).message };
  return { kind: 'refused', code, reason: message };
}
