import type { ConversationView } from '../../../../../src/contract/conversations';
import { Topics } from './topics';

const storageKey = 'parley.seen';
const mostKept = 500;

/** How far each conversation was read in this browser, and how many messages came since. */
export class Seen {
  private readonly upTo = new Map<string, number>(read());
  private readonly unread = new Map<string, number>();
  private readonly topics = new Topics();

  watch = (id: string, tell: () => void): (() => void) => this.topics.watch(id, tell);

  /** Messages of the contact that were not looked at; at least one when the last word is theirs. */
  countOf({ id, lastSeq, lastMessage }: ConversationView): number {
    if (lastSeq <= (this.upTo.get(id) ?? 0) || lastMessage?.author !== 'contact') return 0;
    return Math.max(1, this.unread.get(id) ?? 0);
  }

  noteArrival(id: string): void {
    this.unread.set(id, (this.unread.get(id) ?? 0) + 1);
    this.topics.touch(id);
  }

  markSeen(id: string, seq: number): void {
    if (seq <= (this.upTo.get(id) ?? 0) && !this.unread.has(id)) return;
    this.upTo.delete(id);
    this.upTo.set(id, seq);
    this.unread.delete(id);
    this.topics.touch(id);
    localStorage.setItem(storageKey, JSON.stringify([...this.upTo].slice(-mostKept)));
  }
}

function read(): [string, number][] {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '[]') as [string, number][];
  } catch {
    return [];
  }
}
