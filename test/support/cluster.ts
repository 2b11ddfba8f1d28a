import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ApiClient } from './api-client';
import { freePort } from './free-port';
import { ServerProcess } from './server-process';
import { TelegramApi } from './telegram-api';

const root = resolve(__dirname, '../..');
const secret = (bytes = 16) => randomBytes(bytes).toString('hex');

export interface ClusterOptions {
  nodes: number;
  mongodbUrl: string;
  redisUrl?: string;
  env?: Record<string, string>;
}

/** Several server processes on one store, and Telegram's API as a witness of what they send. */
export class Cluster {
  readonly nodes: ServerProcess[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-cluster-'));
  private readonly secretToken = secret();
  private readonly password = secret(8);
  private updates = 0;

  private constructor(readonly telegram: TelegramApi) {}

  /** Starts the nodes, all at once. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    ServerProcess.build();
    const cluster = new Cluster(await TelegramApi.start());
    cluster.writeConfig();
    const secretKey = secret(32);
    for (let index = 0; index < options.nodes; index++)
      cluster.nodes.push(await cluster.newNode(index, secretKey, options));
    await Promise.all(cluster.nodes.map((node) => node.start()));
    return cluster;
  }

  node(index: number): ServerProcess {
    const found = this.nodes[index];
    if (!found) throw new Error(`No node ${index}.`);
    return found;
  }

  signIn(url: string, person: 'admin' | 'li' = 'admin'): Promise<ApiClient> {
    return ApiClient.signIn(url, `${person}@acme.test`, this.password);
  }

  /** What Telegram posts when a user writes. */
  update(user: number, text: string): string {
    const from = { id: user, is_bot: false, first_name: `User ${user}` };
    const id = ++this.updates;
    const chat = { id: user, type: 'private' };
    return JSON.stringify({
      update_id: id,
      message: { message_id: id, date: 1_790_000_000, chat, from, text },
    });
  }

  /** Posts an update. The status, or null when there was no answer. */
  async post(url: string, update: string): Promise<number | null> {
    try {
      const answer = await fetch(`${url}/webhooks/bot`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': this.secretToken },
        body: update,
        // A platform that gets no answer gives up; the server's own limit is far below.
        signal: AbortSignal.timeout(30_000),
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return null;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.end('SIGKILL')));
    await this.telegram.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async newNode(index: number, secretKey: string, options: ClusterOptions): Promise<ServerProcess> {
    const port = await freePort();
    return new ServerProcess(
      {
        PORT: `${port}`,
        PARLEY_CONFIG: join(this.folder, 'parley.yaml'),
        PARLEY_DATA_DIR: join(this.folder, `node-${index}`),
        PARLEY_SECRET_KEY: secretKey,
        MONGODB_URL: options.mongodbUrl,
        ...(options.redisUrl && { REDIS_URL: options.redisUrl }),
        ...options.env,
      },
      `http://127.0.0.1:${port}`,
    );
  }

  private writeConfig(): void {
    const bot = {
      botToken: `7003:${secret(17)}`,
      secretToken: this.secretToken,
      apiBaseUrl: this.telegram.url,
      messagesPerSecond: 1_000,
      messagesPerSecondInChat: 1_000,
    };
    const person = (id: string, role: string) => ({
      email: `${id}@acme.test`,
      password: this.password,
      name: id,
      role,
    });
    const config = {
      channels: [
        { id: 'bot', type: 'telegram', name: 'Bot', configuration: bot },
        { id: 'web', type: 'webchat', name: 'Web', configuration: {} },
      ],
      knowledgeBase: join(root, 'knowledge-base'),
      flows: join(root, 'flows'),
      team: { agents: [person('admin', 'admin'), person('li', 'agent')] },
    };
    writeFileSync(join(this.folder, 'parley.yaml'), JSON.stringify(config));
  }
}
