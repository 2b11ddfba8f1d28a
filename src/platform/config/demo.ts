import { keptSecret, randomPassword, randomSecret } from './data-dir';
import type { ConfigFile } from './file';

/** The demo's accounts: real adapters whose `apiBaseUrl` is the sandbox. */
export function demoChannels(sandboxUrl: string, dataDir: string): ConfigFile['channels'] {
  const secret = (name: string, length: number) =>
    keptSecret(dataDir, `demo-${name}`, () => randomSecret().replace(/[-_]/g, 'x').slice(0, length));
  return [
    {
      id: 'acme-wechat',
      type: 'wechat',
      name: 'Acme 服务号',
      configuration: {
        appId: 'wxdemo0000000001',
        appSecret: secret('wechat-app-secret', 32),
        token: secret('wechat-token', 24),
        encodingAesKey: secret('wechat-aes-key', 43),
        apiBaseUrl: `${sandboxUrl}/wechat`,
      },
    },
    {
      id: 'acme-telegram',
      type: 'telegram',
      name: 'Acme Bot',
      configuration: {
        botToken: `70000001:${secret('telegram-bot-token', 35)}`,
        secretToken: secret('telegram-secret-token', 32),
        apiBaseUrl: `${sandboxUrl}/telegram`,
      },
    },
    { id: 'web', type: 'webchat', name: 'Acme 官网', configuration: {} },
  ];
}

const people = [
  { email: 'admin@acme.test', name: '安娜', role: 'admin' as const, skills: [], languages: ['zh', 'en'] },
  {
    email: 'supervisor@acme.test',
    name: '王芳',
    role: 'supervisor' as const,
    skills: [],
    languages: ['zh', 'en'],
  },
  {
    email: 'li@acme.test',
    name: '李雷',
    role: 'agent' as const,
    skills: ['refund'],
    languages: ['zh', 'en'],
  },
  { email: 'han@acme.test', name: '韩梅梅', role: 'agent' as const, skills: ['order'], languages: ['zh'] },
];

/** The demo's people. Their passwords are random and stay in the data dir. */
export function demoTeam(dataDir: string): ConfigFile['team'] {
  const agents = people.map((person) => ({
    ...person,
    password: keptSecret(
      dataDir,
      `demo-password-${person.role}-${person.email.split('@')[0]}`,
      randomPassword,
    ),
    capacity: 8,
  }));
  const members = people.filter((person) => person.role === 'agent').map((person) => person.email);
  return { agents, teams: [{ id: 'aftersales', name: '售后', members }] };
}
