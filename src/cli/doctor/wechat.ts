import { randomBytes } from 'node:crypto';
import type { WechatConfiguration } from '../../channels/wechat/definition';
import { signatureOf } from '../../channels/wechat/signature';
import { AccessTokens } from '../../channels/wechat/token';
import { askWebhook, credentialFinding, notOurs, type AccountToCheck } from './account-check';
import { ok, type Finding } from './finding';

/** By WeChat's return codes. */
const mends: [code: RegExp, mend: string][] = [
  [/\b40013\b/, 'correct appId: it stands in the platform console under 基本配置'],
  [/\b(40001|40125|41004)\b/, 'correct appSecret; a new one can be made in the platform console'],
  [/\b(40164|61004)\b/, "add this server's address to the IP 白名单 in the platform console"],
];

export async function wechatFindings(account: AccountToCheck): Promise<Finding[]> {
  const configuration = account.configuration as unknown as WechatConfiguration;
  const credentials = await credentialFinding(
    account.id,
    async () => {
      await new AccessTokens().get({ ...configuration, apiBaseUrl: baseUrlOf(configuration) });
      return 'WeChat gives it an access token';
    },
    ({ message }) =>
      mends.find(([code]) => code.test(message))?.[1] ??
      `see that ${baseUrlOf(configuration)} can be reached`,
  );
  return [credentials, ...(await webhookFindings(account, configuration.token))];
}

const baseUrlOf = ({ apiBaseUrl }: Partial<WechatConfiguration>): string =>
  apiBaseUrl ?? 'https://api.weixin.qq.com';

/** The handshake that the platform makes when the address is saved in its console. */
async function webhookFindings({ id, webhookUrl }: AccountToCheck, token: string): Promise<Finding[]> {
  const [timestamp, nonce, echostr] = [
    String(Math.floor(Date.now() / 1_000)),
    randomBytes(6).toString('hex'),
    randomBytes(8).toString('hex'),
  ] as const;
  const signature = signatureOf(token, timestamp, nonce);
  const query = new URLSearchParams({ signature, timestamp, nonce, echostr });
  const answer = await askWebhook(`${webhookUrl}?${query}`, { method: 'GET' });
  if (!answer) return [];
  return answer.status === 200 && answer.body === echostr
    ? [ok(`account ${id}`, 'its webhook answers the handshake')]
    : [notOurs(id, answer.status, webhookUrl)];
}
