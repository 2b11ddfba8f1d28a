import type { Mode } from './outbox-item';
import { Topics } from './topics';

/**
 * What is written and not sent, by agent, conversation and mode: a reply and a note never mix.
 * On this computer's disk with every key press, so that nothing that ends a page ends a draft; other tabs follow.
 */
export class Drafts {
  private readonly topics = new Topics();

  constructor(private readonly myId: () => string) {
    window.addEventListener('storage', ({ key }) => {
      const [, , agentId, conversationId] = key?.startsWith('parley.draft.') ? key.split('.') : [];
      if (conversationId && agentId === this.myId()) this.topics.touch(conversationId);
    });
  }

  get(conversationId: string, mode: Mode): string {
    return localStorage.getItem(this.key(conversationId, mode)) ?? '';
  }
  set(conversationId: string, mode: Mode, text: string): void {
    if (text === '') localStorage.removeItem(this.key(conversationId, mode));
    else localStorage.setItem(this.key(conversationId, mode), text);
    this.topics.tellNow(conversationId);
  }
  watch = (conversationId: string, tell: () => void): (() => void) => this.topics.watch(conversationId, tell);

  private key = (conversationId: string, mode: Mode): string =>
    `parley.draft.${this.myId()}.${conversationId}.${mode}`;
}
