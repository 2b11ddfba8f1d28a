import { IntegrationDefinition, z } from '@botpress/sdk';
import { messageTypes } from '../host/content';
import type { ChannelLimits } from '../host/limits';
import { webAddress } from '../host/web-address';

const origin = webAddress.regex(/^[^*]*$/, 'must name one origin, without *');

export const definition = new IntegrationDefinition({
  name: 'webchat',
  title: 'Web chat',
  version: '1.0.0',
  configuration: {
    schema: z.object({
      /** Pages of which origins may open the chat; none named: any. */
      allowedOrigins: z.array(origin).optional().title('Allowed origins'),
    }),
  },
  channels: {
    channel: {
      messages: messageTypes,
      message: { tags: { id: {} } },
      conversation: { tags: { visitorId: {} } },
    },
  },
  user: { tags: { id: {}, language: {} } },
});

export interface WebchatConfiguration {
  allowedOrigins?: string[];
}

export const limits: ChannelLimits = {
  window: null,
  text: { max: 4_000, unit: 'characters' },
  source: 'our own',
};
