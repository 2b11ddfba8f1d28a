import { Channel } from '../host/channel';
import { definition, limits } from './definition';
import { integration } from './integration';

export const createChannel = (): Channel =>
  new Channel({
    title: 'WeChat official account',
    definition,
    integration,
    limits,
    hasWebhook: true,
    messageIds: 'account',
  });
