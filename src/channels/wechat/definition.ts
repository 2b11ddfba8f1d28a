import { IntegrationDefinition, z } from '@botpress/sdk';
import { messageTypes } from '../host/content';
import type { ChannelLimits } from '../host/limits';
import { webAddress } from '../host/web-address';

const aesKey = z.string().regex(/^[A-Za-z0-9]{43}$/, '43 letters and digits');

export const definition = new IntegrationDefinition({
  name: 'wechat',
  title: 'WeChat official account',
  version: '1.0.0',
  configuration: {
    schema: z.object({
      appId: z.string().min(1).title('AppID'),
      appSecret: z.string().min(1).title('AppSecret'),
      token: z.string().min(1).title('Token'),
      /** Set: messages are encrypted. */
      encodingAesKey: aesKey.optional().title('EncodingAESKey'),
      /** Still accepted for a while after a change of keys. */
      previousEncodingAesKey: aesKey.optional().title('Previous EncodingAESKey'),
      mode: z.enum(['plain', 'compat', 'safe']).optional().title('Message mode'),
      apiBaseUrl: webAddress.default('https://api.weixin.qq.com').title('API address'),
    }),
  },
  channels: {
    channel: {
      messages: messageTypes,
      message: { tags: { id: {} } },
      conversation: { tags: { openid: {} } },
    },
  },
  actions: {
    startTypingIndicator: {
      input: { schema: z.object({ conversation: z.object({ id: z.string(), tags: z.record(z.string()) }) }) },
      output: { schema: z.object({}) },
    },
  },
  user: { tags: { id: {} } },
});

export interface WechatConfiguration {
  appId: string;
  appSecret: string;
  token: string;
  encodingAesKey?: string;
  previousEncodingAesKey?: string;
  mode?: 'plain' | 'compat' | 'safe';
  apiBaseUrl: string;
}

const hourMs = 3_600_000;
export const limits: ChannelLimits = {
  window: {
    onMessage: { openMs: 48 * hourMs, messages: 5 },
    onClick: { openMs: 60_000, messages: 3 },
  },
  text: { max: 2_048, unit: 'bytes' },
  caption: 0,
  source: 'developers.weixin.qq.com, customer-service messages (客服消息), 2026-10',
};
