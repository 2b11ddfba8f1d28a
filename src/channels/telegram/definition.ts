import { IntegrationDefinition, z } from '@botpress/sdk';
import type { ChannelLimits } from '../host/limits';
import { messageTypes } from '../host/content';

export const definition = new IntegrationDefinition({
  name: 'telegram',
  title: 'Telegram',
  version: '1.0.0',
  configuration: {
    schema: z.object({
      botToken: z
        .string()
        .regex(/^\d+:[\w-]+$/)
        .title('Bot token'),
      /** What Telegram repeats in every webhook. */
      secretToken: z
        .string()
        .regex(/^[\w-]{1,256}$/)
        .title('Secret token'),
      apiBaseUrl: z.string().url().default('https://api.telegram.org').title('API address'),
    }),
  },
  channels: {
    channel: {
      messages: messageTypes,
      message: { tags: { id: {} } },
      conversation: { tags: { chatId: {} } },
    },
  },
  actions: {
    startTypingIndicator: {
      input: { schema: z.object({ conversation: z.object({ id: z.string(), tags: z.record(z.string()) }) }) },
      output: { schema: z.object({}) },
    },
  },
  user: { tags: { id: {}, language: {} } },
});

export interface TelegramConfiguration {
  botToken: string;
  secretToken: string;
  apiBaseUrl: string;
}

export const limits: ChannelLimits = {
  // A bot may write whenever the user has started it and not blocked it.
  window: null,
  text: { max: 4_096, unit: 'characters' },
  isRepeatable: false,
  source: 'https://core.telegram.org/bots/api#sendmessage, 2026-10',
};
