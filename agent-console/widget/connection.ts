import { io, type Socket } from 'socket.io-client';
import type { WebchatClientEvents, WebchatMessage, WebchatServerEvents } from '../../src/contract/webchat';
import {
  emptyConversation,
  newReplies,
  received,
  refused,
  stored,
  welcomed,
  writing,
  type Conversation,
  type Unsent,
} from './conversation';
import type { Keeper } from './keeper';

export type Link = 'connecting' | 'online' | 'offline' | 'refused';
export interface ChatState extends Conversation {
  link: Link;
  typing: 'bot' | 'agent' | null;
  unread: number;
}

const typingShownMs = 6_000;
const typingToldMs = 3_000;
const largestFile = 10 * 1024 * 1024;

/** The visitor's line to the server: resumes after a reload and keeps what could not be sent. */
export class Connection {
  state: ChatState;
  private readonly socket: Socket<WebchatServerEvents, WebchatClientEvents>;
  private readonly listeners = new Set<() => void>();
  private typingTimer = 0;
  private typingTold = 0;
  private isOpen = true;
  private wasWelcomed = false;
  /** What it said who it is with, at the last connecting. */
  private token: string | null = null;
  /** Came after the history was read, perhaps, and before it was here. */
  private early: WebchatMessage[] = [];
  /** All that was ever unsent in this tab. */
  private readonly ours = new Set<string>();

  constructor(
    private readonly account: string,
    private readonly keeper: Keeper,
    private readonly server = location.origin,
  ) {
    const unsent = (keeper.load<Unsent[]>('unsent') ?? []).map(withoutPreview);
    for (const { clientMessageId } of unsent) this.ours.add(clientMessageId);
    this.state = {
      ...emptyConversation,
      unsent,
      link: 'connecting',
      typing: null,
      unread: 0,
    };
    const auth = (give: (data: object) => void) => {
      this.token = this.keeper.load<string>('token');
      give({ account, visitorToken: this.token ?? undefined });
    };
    this.socket = io(`${server}/webchat`, { auth, transports: ['websocket', 'polling'] });
    this.listen();
  }

  close(): void {
    this.socket.disconnect();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  sendText(text: string): void {
    this.send({ clientMessageId: crypto.randomUUID(), body: { text }, shown: text, state: 'sending' });
  }

  choose(choice: string, label: string): void {
    this.send({
      clientMessageId: crypto.randomUUID(),
      body: { choice, label },
      shown: label,
      state: 'sending',
    });
  }

  /** Answers the reason when the file cannot be sent. */
  async attach(file: File): Promise<'tooLarge' | 'badFile' | 'notUploaded' | null> {
    if (file.size > largestFile) return 'tooLarge';
    const form = new FormData();
    form.append('file', file);
    const url = `${this.server}/webchat/${encodeURIComponent(this.account)}/attachments`;
    const headers = { authorization: `Bearer ${this.keeper.load<string>('token')}` };
    const answer = await fetch(url, { method: 'POST', body: form, headers }).catch(() => null);
    if (!answer?.ok) return reasonOf(answer?.status);
    const { attachmentId } = (await answer.json()) as { attachmentId: string };
    this.send({
      clientMessageId: crypto.randomUUID(),
      body: { attachmentId },
      shown: file.name,
      preview: {
        url: URL.createObjectURL(file),
        name: file.name,
        mimeType: file.type,
        sizeBytes: file.size,
      },
      state: 'sending',
    });
    return null;
  }

  retry(clientMessageId: string): void {
    const unsent = this.state.unsent.find((one) => one.clientMessageId === clientMessageId);
    if (unsent) this.send({ ...unsent, state: 'sending' });
  }

  typed(): void {
    if (Date.now() - this.typingTold < typingToldMs || this.state.link !== 'online') return;
    this.typingTold = Date.now();
    this.socket.emit('typing', { typing: true });
  }

  /** The panel was shown or hidden. */
  opened(isOpen: boolean): void {
    this.isOpen = isOpen;
    if (isOpen) this.change({ unread: 0 });
  }

  private listen(): void {
    this.socket.on('connect', () => (this.early = []));
    this.socket.on('welcome', ({ visitorToken, messages }) => {
      const kept = this.keeper.load<string>('token');
      // Another tab was welcome first, as another visitor: this one is the same.
      if (kept && visitorOf(kept) !== visitorOf(visitorToken)) return void this.socket.disconnect().connect();
      this.keeper.save('token', visitorToken);
      this.showHistory(messages);
      for (const unsent of this.state.unsent) if (unsent.state === 'sending') this.emit(unsent);
    });
    this.socket.on('message', (message) => {
      if (this.state.link === 'online') this.show(message);
      else this.early.push(message);
    });
    this.socket.on('typing', ({ author, typing }) => this.showTyping(typing ? author : null));
    this.socket.on('disconnect', () => this.change({ link: 'offline' }));
    this.socket.on('connect_error', (error) => this.failed(error.message));
  }

  private showHistory(messages: WebchatMessage[]): void {
    // What is read for the first time may have been seen before a reload: nobody can tell.
    const missed = this.wasWelcomed && !this.isOpen ? newReplies(this.state, messages) : 0;
    this.wasWelcomed = true;
    this.change({ ...welcomed(this.state, messages), link: 'online', unread: this.state.unread + missed });
    for (const message of this.early.splice(0)) this.show(message);
  }

  private show(message: WebchatMessage): void {
    const unread = this.isOpen ? 0 : this.state.unread + newReplies(this.state, [message]);
    this.change({ ...received(this.state, message), typing: null, unread });
  }

  private failed(reason: string): void {
    // A token that is no longer good: begin anew as another visitor, or as the one that another tab is by now.
    if (reason === 'invalid_token' && this.token) {
      if (this.keeper.load('token') === this.token) this.keeper.save('token', null);
      this.socket.connect();
    } else this.change({ link: this.socket.active ? 'offline' : 'refused' });
  }

  private send(unsent: Unsent): void {
    this.change(writing(this.state, unsent));
    if (this.state.link === 'online') this.emit(unsent);
  }

  private emit(unsent: Unsent): void {
    const { clientMessageId, body } = unsent;
    this.socket.timeout(10_000).emit('send', { clientMessageId, ...body }, (late, answer) => {
      // The line broke: the same id goes out again with the next welcome. Without an answer in time, with a click.
      if (late && this.state.link !== 'online') return;
      if (late || 'error' in answer) this.change(refused(this.state, clientMessageId));
      else this.change(stored(this.state, clientMessageId, answer.id, new Date().toISOString()));
    });
  }

  private showTyping(author: 'bot' | 'agent' | null): void {
    clearTimeout(this.typingTimer);
    this.change({ typing: author });
    if (author) this.typingTimer = window.setTimeout(() => this.change({ typing: null }), typingShownMs);
  }

  private change(part: Partial<ChatState>): void {
    this.state = { ...this.state, ...part };
    if (part.unsent) this.keep(part.unsent);
    for (const listener of this.listeners) listener();
  }

  /** Beside what other tabs of the visitor could not send. */
  private keep(unsent: Unsent[]): void {
    for (const { clientMessageId } of unsent) this.ours.add(clientMessageId);
    const kept = this.keeper.load<Unsent[]>('unsent') ?? [];
    const others = kept.filter(({ clientMessageId }) => !this.ours.has(clientMessageId));
    this.keeper.save('unsent', [...others, ...unsent]);
  }
}

/** A token begins with the visitor's id. */
const visitorOf = (token: string): string | undefined => token.split('.')[0];

/** A picture's address in this page is worth nothing after a reload. */
const withoutPreview = ({ preview: _, ...unsent }: Unsent): Unsent => unsent;

function reasonOf(status: number | undefined): 'tooLarge' | 'badFile' | 'notUploaded' {
  if (status === 413) return 'tooLarge';
  return status === 400 || status === 415 ? 'badFile' : 'notUploaded';
}
