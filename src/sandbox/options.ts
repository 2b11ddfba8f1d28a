import { z } from 'zod';

const wechatConfiguration = z.looseObject({
  appId: z.string().min(1),
  appSecret: z.string().min(1),
  token: z.string().min(1),
  encodingAesKey: z.string().length(43).optional(),
});
const telegramConfiguration = z.looseObject({
  botToken: z.string().min(1),
  secretToken: z.string().optional(),
});
const base = { id: z.string().min(1).max(200), name: z.string().max(200).optional() };

export const sandboxAccount = z.discriminatedUnion('type', [
  z.object({ ...base, type: z.literal('wechat'), configuration: wechatConfiguration }),
  z.object({ ...base, type: z.literal('telegram'), configuration: telegramConfiguration }),
  z.object({ ...base, type: z.literal('webchat'), configuration: z.looseObject({}).default({}) }),
]);
export type SandboxAccount = z.infer<typeof sandboxAccount>;
export type WechatAccount = Extract<SandboxAccount, { type: 'wechat' }>;
export type TelegramAccount = Extract<SandboxAccount, { type: 'telegram' }>;

const playedTypes: readonly string[] = ['wechat', 'telegram', 'webchat'] satisfies SandboxAccount['type'][];

export const sandboxOptions = z.object({
  /** 0 takes a free one. */
  port: z.number().int().min(0).max(65_535),
  host: z.string().default('127.0.0.1'),
  dataDir: z.string().min(1),
  /** Where the platforms' webhooks are sent: the Parley server. */
  publicUrl: z.url(),
  /** Accounts of other platforms have no double, and are left out. */
  accounts: z
    .array(z.looseObject({ type: z.string() }))
    .transform((accounts) => accounts.filter(({ type }) => playedTypes.includes(type)))
    .pipe(z.array(sandboxAccount).max(50)),
  /** The built console, which holds the sandbox's page; without it only the doubles are served. */
  pageDir: z.string().optional(),
  /** Someone who sees the desk, so that the tour can tell when an agent took and resolved a conversation. */
  desk: z.object({ email: z.string(), password: z.string() }).optional(),
  /** Milliseconds before each further try of a webhook that was not accepted. */
  retryDelaysMs: z
    .object({ wechat: z.array(z.number()).max(5), telegram: z.array(z.number()).max(20) })
    .default({ wechat: [500, 1_000], telegram: [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000] }),
});
export type SandboxOptions = z.input<typeof sandboxOptions>;
export type SandboxSettings = z.output<typeof sandboxOptions>;
