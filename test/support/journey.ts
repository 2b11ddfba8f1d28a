import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createApp, type App } from '../../src/app';
import { checkChannelConfig } from '../../src/channels';
import { systemClock, type Clock } from '../../src/platform/clock';
import { loadConfig, type Config } from '../../src/platform/config';
import { createLogger, silentLogger, type Logger } from '../../src/platform/log';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox';
import { ApiClient } from './api-client';
import { freePort } from './free-port';
import { freshDatabaseUrl } from './store';

const secret = (bytes = 16) => randomBytes(bytes).toString('hex');

export const people = {
  admin: { email: 'admin@acme.test', name: '安娜', role: 'admin' as const },
  supervisor: { email: 'wang@acme.test', name: '王芳', role: 'supervisor' as const },
  li: { email: 'li@acme.test', name: '李雷', role: 'agent' as const },
  han: { email: 'han@acme.test', name: '韩梅梅', role: 'agent' as const },
};
export type Person = keyof typeof people;

export interface Journey {
  app: App;
  sandbox: Sandbox;
  config: Config;
  url: string;
  /** A signed-in client of the API. */
  as(person: Person): Promise<ApiClient>;
  /** Stops the server and starts it again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The whole application and the sandbox of platforms, in this process, on a store of its own. */
export async function startJourney(
  change: (config: Config) => void = () => undefined,
  log: Logger = process.env['PARLEY_TEST_LOG'] ? createLogger('info') : silentLogger,
  clock: Clock = systemClock,
): Promise<Journey> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-journey-'));
  const channels = accounts();
  const sandbox = await startSandbox({
    port: 0,
    dataDir,
    publicUrl: 'http://127.0.0.1:9',
    accounts: channels as never,
    retryDelaysMs: { wechat: [100, 200], telegram: [100, 200, 400] },
  });
  const config = await configure(dataDir, sandbox, channels);
  change(config);
  const journey: Journey = {
    app: await createApp(config, { log, clock, inWorker: false }),
    sandbox,
    config,
    url: '',
    as: (person) => ApiClient.signIn(journey.url, people[person].email, passwordOf(config, person)),
    async restart() {
      await journey.app.stop();
      journey.app = await createApp(config, { log, clock, inWorker: false });
      settle(journey);
    },
    async stop() {
      await journey.app.stop();
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  settle(journey);
  return journey;
}

function settle(journey: Journey): void {
  journey.url = journey.app.url;
  journey.sandbox.callWebhooksAt(journey.app.url);
}

function accounts() {
  return [
    {
      id: 'acme-wechat',
      type: 'wechat',
      name: 'Acme 服务号',
      configuration: wechat({ encodingAesKey: secret(32).slice(0, 43) }),
    },
    { id: 'acme-wechat-plain', type: 'wechat', name: 'Acme 订阅号', configuration: wechat({}) },
    {
      id: 'acme-telegram',
      type: 'telegram',
      name: 'Acme Bot',
      configuration: { botToken: `7001:${secret(17)}`, secretToken: secret() },
    },
    { id: 'web', type: 'webchat', name: 'Acme 官网', configuration: {} },
  ];
}

const wechat = (more: Record<string, string>) => ({
  appId: `wx${secret(8)}`,
  appSecret: secret(),
  token: secret(8),
  ...more,
});

async function configure(
  dataDir: string,
  sandbox: Sandbox,
  channels: ReturnType<typeof accounts>,
): Promise<Config> {
  const mongodbUrl = process.env['TEST_MONGODB_URL'] ? await freshDatabaseUrl() : undefined;
  const env: NodeJS.ProcessEnv = {
    PORT: `${await freePort()}`,
    PARLEY_DATA_DIR: dataDir,
    PARLEY_SECRET_KEY: secret(32),
    LOG_LEVEL: 'silent',
    PARLEY_DRAIN_MS: '1000',
    ...(mongodbUrl && { MONGODB_URL: mongodbUrl }),
    ...(process.env['TEST_REDIS_URL'] && { REDIS_URL: process.env['TEST_REDIS_URL'] }),
  };
  const config = loadConfig(env, resolve(__dirname, '../..'), checkChannelConfig);
  return {
    ...config,
    channels: channels.map((account) => ({
      ...account,
      configuration: { ...account.configuration, ...baseUrl(account.type, sandbox.url) },
    })),
    team: {
      agents: Object.values(people).map((person) => ({
        ...person,
        password: secret(8),
        skills: [],
        languages: ['zh', 'en'],
        capacity: 5,
      })),
      teams: [{ id: 'aftersales', name: '售后', members: [people.li.email] }],
    },
    actions: { allow: [sandbox.url], orderApi: sandbox.url },
    sandbox: false,
    demo: false,
  };
}

const baseUrl = (type: string, sandboxUrl: string) =>
  type === 'webchat' ? {} : { apiBaseUrl: `${sandboxUrl}/${type}` };

function passwordOf(config: Config, person: Person): string {
  const found = config.team.agents.find((agent) => agent.email === people[person].email);
  return found?.password ?? '';
}

/** Is this conversation with that phone? WeChat tells no names, only openids. */
export const isWith =
  (phone: { customer: { name: string; platformId: string } }) =>
  (conversation: { contact: { name: string } }) =>
    conversation.contact.name.startsWith(phone.customer.name) ||
    conversation.contact.name.endsWith(phone.customer.platformId.slice(-6));
