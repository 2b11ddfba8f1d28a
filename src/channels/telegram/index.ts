import { Channel } from '../host/channel';
import { sendPolicies } from '../send-policies';
import { definition, limits, paceOf } from './definition';
import { integration } from './integration';

export const createChannel = (): Channel =>
  new Channel({
    title: 'Telegram',
    definition,
    integration,
    limits,
    paceOf,
    sendPolicy: sendPolicies.telegram,
    hasWebhook: true,
    messageIds: 'account',
  });
