import { Channel } from '../host/channel';
import { sendPolicies } from '../send-policies';
import { definition, limits } from './definition';
import { createWebchatIntegration, type Push } from './integration';

export const createChannel = (push: Push): Channel =>
  new Channel({
    title: 'Web chat',
    definition,
    integration: createWebchatIntegration(push),
    limits,
    sendPolicy: sendPolicies.webchat,
    hasWebhook: false,
  });
