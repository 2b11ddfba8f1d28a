import type { Config } from '../../platform/config';
import { askWebhook } from './account-check';
import { consoleAccounts } from './console-accounts';
import { ok, warning, type Finding } from './finding';
import { telegramFindings } from './telegram';
import { wechatFindings } from './wechat';

/** Each account, of the configuration and of the console: does the platform know its credentials, and is its webhook there? */
export async function accountFindings(config: Config): Promise<Finding[]> {
  const { publicUrl, sandbox, sandboxPort } = config;
  const added = await consoleAccounts(config);
  const channels = [...config.channels, ...added.channels];
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const isSandboxAway = sandbox && (await askWebhook(sandboxUrl, {})) === null;
  const findings = await Promise.all(
    channels.map(({ id, type, configuration }) => {
      if (isSandboxAway && String(configuration['apiBaseUrl']).startsWith(`${sandboxUrl}/`))
        return [
          warning(`account ${id}`, 'its platform, the sandbox, does not run', 'start Parley: `npm start`'),
        ];
      const account = { id, configuration, webhookUrl: `${publicUrl}/webhooks/${encodeURIComponent(id)}` };
      if (type === 'wechat') return wechatFindings(account);
      if (type === 'telegram') return telegramFindings(account);
      return Promise.resolve([ok(`account ${id}`, `${type}: nothing to sign in to`)]);
    }),
  );
  const all = [...added.findings, ...findings.flat()];
  return all.length > 0 ? all : [warning('accounts', 'none', 'add one to `channels` of the configuration')];
}
