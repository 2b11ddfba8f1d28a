import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { writeArticles } from '../path/faq';
import type { Target } from '../path/profiles';
import { Child } from './child';

export const root = resolve(__dirname, '../../../..');
/** The processes run as built: what is measured is what `npm start` runs. */
export const built = (file: string): string => join(root, 'dist/cli/bench', file);

export function build(): void {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build-if-changed.mjs', '--server-only'], {
    cwd: root,
  });
  if (status !== 0) throw new Error(stderr.toString());
}

export interface OursOptions {
  folder: string;
  platformUrl: string;
  /** Counting costs CPU, so only what counts asks for it. */
  countsCommands?: boolean;
  /** That of a server that has ended: this one goes on with what it kept. */
  dataDir?: string;
  /** Where that one was reached. */
  port?: number;
  env?: Record<string, string>;
}

export const secrets = {
  telegram: randomBytes(16).toString('hex'),
  slowTelegram: randomBytes(16).toString('hex'),
  wechat: randomBytes(12).toString('hex'),
  admin: randomBytes(12).toString('hex'),
};
/** Tokens by which the platform's double knows the accounts. */
export const botTokens = { healthy: '7001:bench-healthy', slow: '7002:bench-slow' };
export const emails = { admin: 'admin@bench.test', agent: 'agent@bench.test' };

/** The built server, in a process of its own, with a data folder of its own. */
export class Ours {
  private constructor(
    readonly child: Child,
    readonly url: string,
    readonly dataDir: string,
  ) {}

  static async start(options: OursOptions): Promise<Ours> {
    const { folder, platformUrl, countsCommands = false, env = {} } = options;
    const port = options.port ?? (await freePort());
    const dataDir = options.dataDir ?? join(folder, `data-${port}`);
    const started = fork(join(root, 'dist/main.js'), {
      cwd: root,
      execArgv: ['--require', built('processes/witness.js')],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: `${port}`,
        PARLEY_CONFIG: writeConfig(folder, platformUrl),
        PARLEY_DATA_DIR: dataDir,
        LOG_LEVEL: 'error',
        ...(countsCommands && { PARLEY_BENCH_COUNT: '1' }),
        ...env,
      },
    });
    const child = new Child(started);
    try {
      await saidReady(started);
    } catch (error) {
      await child.end('SIGKILL');
      throw error;
    }
    return new Ours(child, `http://127.0.0.1:${port}`, dataDir);
  }

  target(account: 'tg' | 'slow' | 'wx'): Target {
    const profile = account === 'wx' ? 'wechat' : 'telegram';
    const secret = { tg: secrets.telegram, slow: secrets.slowTelegram, wx: secrets.wechat }[account];
    return { profile, url: this.url, path: `/webhooks/${account}`, secret };
  }

  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    return this.child.end(signal);
  }
}

async function saidReady(child: ChildProcess): Promise<void> {
  let output = '';
  const exit = once(child, 'exit').then(() =>
    Promise.reject(new Error(`The server ended at its start: ${output}`)),
  );
  const ready = new Promise<void>((resolve) =>
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Parley is ready')) resolve();
    }),
  );
  exit.catch(() => undefined);
  await Promise.race([ready, exit]);
}

/** The machine is measured here, not what Telegram allows. */
const unpaced = { messagesPerSecond: 1_000, messagesPerSecondInChat: 1_000 };

function writeConfig(folder: string, platformUrl: string): string {
  const knowledgeBase = join(folder, 'articles');
  writeArticles(knowledgeBase);
  const flows = join(folder, 'flows');
  mkdirSync(flows, { recursive: true });
  const telegram = (id: string, botToken: string, secretToken: string) => ({
    id,
    type: 'telegram',
    name: id,
    configuration: { botToken, secretToken, apiBaseUrl: platformUrl, ...unpaced },
  });
  const wechat = {
    appId: 'wxbench',
    appSecret: 'bench-secret',
    token: secrets.wechat,
    apiBaseUrl: platformUrl,
  };
  const person = (role: 'admin' | 'agent') => ({
    email: emails[role],
    password: secrets.admin,
    name: role,
    role,
  });
  const file = join(folder, 'parley.yaml');
  const config = {
    channels: [
      telegram('tg', botTokens.healthy, secrets.telegram),
      telegram('slow', botTokens.slow, secrets.slowTelegram),
      { id: 'wx', type: 'wechat', name: 'wx', configuration: wechat },
    ],
    knowledgeBase,
    flows,
    team: { agents: [person('admin'), person('agent')] },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
