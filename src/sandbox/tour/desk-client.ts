import { z } from 'zod';

const TIMEOUT_MS = 3_000;

const conversation = z.object({
  accountId: z.string(),
  status: z.string(),
  assignee: z.unknown().nullable(),
  lastMessage: z.object({ text: z.string(), author: z.string() }).nullable(),
  updatedAt: z.string(),
  queuedAt: z.string().nullable(),
});
export type SeenConversation = z.infer<typeof conversation>;

/** Reads the newest conversations through the server's public API, as an agent would. */
export class DeskClient {
  private token: string | null = null;
  /** A password that was changed since is not tried again: failed logins lock the person out. */
  private isRefused = false;

  constructor(
    private readonly login: { email: string; password: string },
    private readonly publicUrl: () => string,
  ) {}

  /** Empty while the server cannot be asked. */
  async conversations(): Promise<SeenConversation[]> {
    this.token ??= await this.signIn();
    if (this.token === null) return [];
    const answer = await this.call('/conversations?limit=50', {
      headers: { authorization: `Bearer ${this.token}` },
    });
    if (answer?.status === 401) this.token = null;
    if (!answer?.ok) return [];
    return z.object({ items: z.array(conversation) }).safeParse(await answer.json()).data?.items ?? [];
  }

  private async signIn(): Promise<string | null> {
    if (this.isRefused) return null;
    const answer = await this.call('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(this.login),
    });
    this.isRefused = answer?.status === 401;
    if (!answer?.ok) return null;
    return z.object({ token: z.string() }).safeParse(await answer.json()).data?.token ?? null;
  }

  private call(path: string, init: RequestInit): Promise<Response | null> {
    const url = new URL(`/api/v1${path}`, this.publicUrl());
    return fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  }
}
