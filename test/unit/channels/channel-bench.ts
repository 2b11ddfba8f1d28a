import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts, type Account } from '../../../src/channels/host/accounts';
import type { Channel } from '../../../src/channels/host/channel';
import { ChannelHost, type WebhookRequest } from '../../../src/channels/host/host';
import { IntegrationStates } from '../../../src/channels/host/states';
import type { Inbound } from '../../../src/domain/inbound';
import { FileStore } from '../../../src/platform/files/file-store';
import { createLogger } from '../../../src/platform/log';
import { ensureIndexes } from '../../../src/platform/mongo/connection';
import { createGuardedFetch } from '../../../src/platform/net/guarded-fetch';
import { SecretBox } from '../../../src/platform/secrets';
import { ManualClock } from '../../support/manual-clock';
import { dropConnection, testConnection } from '../../support/store';

/** The host with one account, a sink that remembers, and everything else as in the application. */
export interface ChannelBench {
  host: ChannelHost;
  account: Account;
  accounts: Accounts;
  files: FileStore;
  states: IntegrationStates;
  /** One row for each id, as the durable inbox keeps them. */
  kept: Inbound[];
  quarantined: { id: string; raw: Uint8Array }[];
  /** Everything that was logged, as text. */
  logged(): string;
  receive(
    request: Partial<Omit<WebhookRequest, 'body'>> & { body?: string | Buffer },
  ): ReturnType<ChannelHost['webhook']>;
  close(): Promise<void>;
}

export async function openChannelBench(
  channel: Channel,
  configuration: Record<string, unknown>,
  allowedOrigins: string[] = [],
): Promise<ChannelBench> {
  const connection = await testConnection();
  const folder = mkdtempSync(join(tmpdir(), 'parley-files-'));
  const secrets = new SecretBox(randomBytes(24).toString('hex'));
  const clock = new ManualClock();
  const channels = new Map([[channel.name, channel]]);
  const publicUrl = 'https://parley.test';
  const accounts = new Accounts({ connection, secrets, channels, clock, publicUrl });
  const files = new FileStore(connection, folder, secrets.signer('file'));
  const states = new IntegrationStates(connection);
  const kept: Inbound[] = [];
  const quarantined: ChannelBench['quarantined'] = [];
  const lines: string[] = [];
  const sink = {
    accept: (inbound: Inbound) => {
      const created = !kept.some(({ id }) => id === inbound.id);
      if (created) kept.push(inbound);
      return Promise.resolve({ created });
    },
    quarantine: (found: { id: string; raw: Uint8Array }) => {
      if (!quarantined.some(({ id }) => id === found.id)) quarantined.push(found);
      return Promise.resolve();
    },
  };
  const log = createLogger('debug', { write: (line: string) => void lines.push(line) });
  const fetch = createGuardedFetch(allowedOrigins);
  const parts = { accounts, channels, sink, states, files, fetch, secrets, clock, log, publicUrl };
  const host = new ChannelHost(parts);
  await ensureIndexes(connection);
  await accounts.seed([{ id: 'acme', type: channel.name, name: 'Acme', configuration }]);
  const account = accounts.get('acme') as Account;
  return {
    host, account, accounts, files, states, kept, quarantined,
    logged: () => lines.join('\n'),
    receive: ({ body = '', ...request }) =>
      host.webhook(account, {
        method: 'POST', path: '/webhooks/acme', query: '', headers: {}, ...request, body: Buffer.from(body),
      }),
    async close() {
      host.stop();
      await dropConnection(connection);
      rmSync(folder, { recursive: true, force: true });
    },
  }; // prettier-ignore
}

/** What a send came to, in one line that tests compare. */
export const outcomeOf = (outcome: Awaited<ReturnType<ChannelHost['send']>>): string =>
  outcome.ok ? 'sent' : `${outcome.errorClass} ${outcome.platformCode ?? ''}`.trim();
