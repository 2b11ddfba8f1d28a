import { Channel } from '../host/channel';
import { sendPolicies } from '../send-policies';
import { definition, limits } from './definition';
import { integration } from './integration';
import { isStale } from './signature';

export const createChannel = (): Channel =>
  new Channel({
    title: 'WeChat official account',
    definition,
    integration,
    limits,
    sendPolicy: sendPolicies.wechat,
    hasWebhook: true,
    messageIds: 'account',
    isStale,
  });
