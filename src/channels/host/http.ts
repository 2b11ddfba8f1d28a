import { handlers } from '../../platform/http/api';
import { NotFound } from '../../platform/errors';
import { pageOfAll } from '../../platform/mongo/paging';
import type { Accounts } from './accounts';
import type { Channel } from './channel';

interface Parts {
  accounts: Accounts;
  channels: Map<string, Channel>;
  /** Accounts changed: the other nodes read them again, and new ones register. */
  changed(): void;
}

export const channelHandlers = ({ accounts, channels, changed }: Parts) =>
  handlers({
    listChannels: async ({ query }) =>
      pageOfAll(
        accounts.list().map(({ id }) => accounts.view(id)),
        query(),
      ),
    listChannelTypes: async ({ query }) => {
      const items = [...channels.values()].map((channel) => ({
        type: channel.name,
        title: channel.title,
        configuration: channel.configurationSchema(),
      }));
      return pageOfAll(items, query());
    },
    async createChannel({ body }) {
      const view = await accounts.create(body());
      changed();
      return view;
    },
    async changeChannel({ params, body }) {
      if (!accounts.list().some(({ id }) => id === params.id)) throw new NotFound(`No account ${params.id}.`);
      const view = await accounts.change(params.id, body());
      changed();
      return view;
    },
  });
