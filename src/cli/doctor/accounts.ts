import type { Config } from '../../platform/config';
import { consoleAccounts } from './console-accounts';
import { problem, ok, warning, type Finding } from './finding';
import { telegramFindings } from './telegram';
import { wechatFindings } from './wechat';

export interface AccountToCheck {
  id: string;
  configuration: Record<string, unknown>;
  webhookUrl: string;
}

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

/** What the platform says of the credentials. */
export async function credentialFinding(
  id: string,
  ask: () => Promise<string>,
  mend: (error: Error) => string,
): Promise<Finding> {
  try {
    return ok(`account ${id}`, await ask());
  } catch (error) {
    return problem(`account ${id}`, (error as Error).message, mend(error as Error));
  }
}

/** Asks our own webhook as the platform would; null when no server answers, which is told elsewhere. */
export async function askWebhook(
  url: string,
  init: RequestInit,
): Promise<{ status: number; body: string } | null> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return null;
  }
}

export const notOurs = (id: string, status: number, url: string): Finding =>
  problem(
    `account ${id}`,
    `its webhook ${url} answers ${status}`,
    'restart Parley with this configuration, and see that PARLEY_PUBLIC_URL leads to it',
  );
