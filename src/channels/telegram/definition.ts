import { IntegrationDefinition, z } from '@botpress/sdk';
import type { Paces } from '../../domain/pace';
import type { ChannelLimits } from '../host/limits';
import { messageTypes } from '../host/content';
import { webAddress } from '../host/web-address';

/** Telegram's most for bots that pay for broadcasts. */
const perSecond = z.number().int().min(1).max(1_000);

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
      apiBaseUrl: webAddress.default('https://api.telegram.org').title('API address'),
      messagesPerSecond: perSecond.default(30).title('Messages a second'),
      messagesPerSecondInChat: perSecond.default(1).title('Messages a second in one chat'),
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
  messagesPerSecond: number;
  messagesPerSecondInChat: number;
}

export const limits: ChannelLimits = {
  // A bot may write whenever the user has started it and not blocked it.
  window: null,
  text: { max: 4_096, unit: 'characters' },
  caption: 1_024,
  source:
    'https://core.telegram.org/bots/api#sendmessage; https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this; 2026-10',
};

/** A chat takes one a second, with short bursts; a bot thirty, or more where it pays for broadcasts. */
export const paceOf = (configuration: Partial<TelegramConfiguration>): Paces => ({
  thread: { messages: 3 * (configuration.messagesPerSecondInChat ?? 1), perMs: 3_000 },
  account: { messages: configuration.messagesPerSecond ?? 30, perMs: 1_000 },
});
