import type { ChannelCheck } from '../platform/config';
import { Channel } from './host/channel';
import * as telegram from './telegram';
import * as webchat from './webchat';
import type { Push } from './webchat/integration';
import * as wechat from './wechat';

/** Every channel that Parley comes with, by name. A new one is one line here. */
export function builtInChannels(parts: { push: Push }): Map<string, Channel> {
  const channels = [wechat.createChannel(), telegram.createChannel(), webchat.createChannel(parts.push)];
  return new Map(channels.map((channel) => [channel.name, channel]));
}

/** Problems of an account's settings, for the configuration's report. */
export const checkChannelConfig: ChannelCheck = ({ type, configuration }) => {
  const channel = builtInChannels({ push: () => Promise.resolve() }).get(type);
  return channel
    ? channel
        .checkConfiguration(configuration)
        .map(({ path, message }) => ({ path: path ? `configuration.${path}` : 'configuration', message }))
    : [{ path: 'type', message: `there is no channel ${type}` }];
};
