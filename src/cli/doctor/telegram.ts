import { callTelegram } from '../../channels/telegram/api';
import type { TelegramConfiguration } from '../../channels/telegram/definition';
import { askWebhook, credentialFinding, notOurs, type AccountToCheck } from './account-check';
import { ok, problem, warning, type Finding } from './finding';

interface WebhookInfo {
  url?: string;
  pending_update_count?: number;
  last_error_message?: string;
}

export async function telegramFindings(account: AccountToCheck): Promise<Finding[]> {
  const given = account.configuration as unknown as TelegramConfiguration;
  const configuration = { ...given, apiBaseUrl: given.apiBaseUrl ?? 'https://api.telegram.org' };
  const credentials = await credentialFinding(
    account.id,
    async () => `Telegram knows it as ${nameOf(await callTelegram(configuration, 'getMe', {}))}`,
    ({ message }) =>
      /\b(401|404)\b/.test(message)
        ? 'correct botToken: @BotFather shows it, and makes a new one'
        : `see that ${configuration.apiBaseUrl} can be reached`,
  );
  const isKnown = credentials.state === 'ok';
  return [
    credentials,
    ...(isKnown ? await registrationFindings(account, configuration) : []),
    ...(await webhookFindings(account, configuration.secretToken)),
  ];
}

const nameOf = (bot: unknown): string => `@${(bot as { username?: string } | null)?.username ?? 'unnamed'}`;

/** Where Telegram sends, and what became of its last tries. */
async function registrationFindings(
  { id, webhookUrl }: AccountToCheck,
  configuration: TelegramConfiguration,
): Promise<Finding[]> {
  const area = `account ${id}`;
  const info = ((await callTelegram(configuration, 'getWebhookInfo', {}).catch(() => null)) ??
    {}) as WebhookInfo;
  if (info.url !== webhookUrl)
    return [
      problem(
        area,
        `Telegram sends to ${info.url || 'nowhere'}, not to ${webhookUrl}`,
        'start Parley: it registers the webhook; see that PARLEY_PUBLIC_URL is right',
      ),
    ];
  if (info.last_error_message && (info.pending_update_count ?? 0) > 0)
    return [
      warning(
        area,
        `${info.pending_update_count} updates wait; Telegram's last try failed: ${info.last_error_message}`,
        `see that ${webhookUrl} can be reached from the internet, by https`,
      ),
    ];
  return [ok(area, 'Telegram sends to its webhook')];
}

/** An update with a wrong secret must be refused, with the right one it is only malformed: nothing is stored. */
async function webhookFindings({ id, webhookUrl }: AccountToCheck, secretToken: string): Promise<Finding[]> {
  const post = (secret: string) =>
    askWebhook(webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
      body: '[]',
    });
  const [wrong, right] = [await post(`not-${secretToken}`.slice(0, 256)), await post(secretToken)];
  if (!wrong || !right) return [];
  return [401, 403].includes(wrong.status) && right.status === 400
    ? [ok(`account ${id}`, 'its webhook takes its secret and no other')]
    : [notOurs(id, right.status, webhookUrl)];
}
