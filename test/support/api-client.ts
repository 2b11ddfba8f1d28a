import { io, type Socket } from 'socket.io-client';
import type { AgentView } from '../../src/contract/agents';
import type { ConversationView } from '../../src/contract/conversations';
import type {
  ConsoleClientEvents,
  ConsoleServerEvents,
  ReadyEvent,
  ServerEvent,
} from '../../src/contract/events';
import type { MessageView } from '../../src/contract/messages';

export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

/** What a console or a script does, over HTTP. */
export class ApiClient {
  private constructor(
    readonly url: string,
    readonly token: string,
    readonly agent: AgentView,
  ) {}

  static async signIn(url: string, email: string, password: string): Promise<ApiClient> {
    const response = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    if (response.status !== 201)
      throw new Error(`Sign-in of ${email}: ${response.status} ${await response.text()}`);
    const { token, agent } = (await response.json()) as { token: string; agent: AgentView };
    return new ApiClient(url, token, agent);
  }

  async call<T = unknown>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text ? JSON.parse(text) : null) as T,
      headers: response.headers,
    };
  }

  get = <T = unknown>(path: string) => this.call<T>('GET', path);
  post = <T = unknown>(path: string, body: unknown = {}) => this.call<T>('POST', path, body);
  patch = <T = unknown>(path: string, body: unknown) => this.call<T>('PATCH', path, body);

  async conversations(query = ''): Promise<ConversationView[]> {
    const { body } = await this.get<{ items: ConversationView[] }>(`/conversations${query}`);
    return body.items;
  }

  async messages(conversationId: string): Promise<MessageView[]> {
    const { body } = await this.get<{ items: MessageView[] }>(`/conversations/${conversationId}/messages`);
    return body.items;
  }

  /** Reads again until it fits: for what happens after the answer to a webhook. */
  async until<T>(
    read: () => Promise<T>,
    fits: (value: T) => boolean,
    timeoutMs = 5_000,
    everyMs = 20,
  ): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const value = await read();
      if (fits(value)) return value;
      if (Date.now() > deadline)
        throw new Error(`It did not come about: ${JSON.stringify(value).slice(0, 2_000)}`);
      await new Promise((resume) => setTimeout(resume, everyMs));
    }
  }

  console(options: ConsoleOptions = {}): ConsoleFeed {
    return new ConsoleFeed(this.url, this.token, options);
  }
}

interface ConsoleOptions {
  reconnection?: boolean;
  /** How long it waits to be connected, in milliseconds. */
  timeout?: number;
}

/** An open console: every lasting event, in order. */
export class ConsoleFeed {
  readonly socket: Socket<ConsoleServerEvents, ConsoleClientEvents>;
  readonly events: (ServerEvent | ReadyEvent)[] = [];

  constructor(url: string, token: string, options: ConsoleOptions = {}) {
    this.socket = io(url, { auth: { token }, transports: ['websocket'], reconnection: false, ...options });
    this.socket.on('event', (event) => this.events.push(event));
  }

  async waitFor<T extends (ServerEvent | ReadyEvent)['type']>(
    type: T,
    fits: (event: Extract<ServerEvent | ReadyEvent, { type: T }>) => boolean = () => true,
    timeoutMs = 5_000,
  ): Promise<Extract<ServerEvent | ReadyEvent, { type: T }>> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = this.events.find((event) => event.type === type && fits(event as never));
      if (found) return found as never;
      if (Date.now() > deadline)
        throw new Error(`No ${type}; heard ${this.events.map((event) => event.type).join(', ')}`);
      await new Promise((resume) => setTimeout(resume, 10));
    }
  }

  resume(cursor: number) {
    return this.socket.emitWithAck('resume', { cursor });
  }

  close(): void {
    this.socket.disconnect();
  }
}
