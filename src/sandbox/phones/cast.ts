import { createHash } from 'node:crypto';
import type { SandboxAccount } from '../options';
import type { Customer } from './customer';

type Person = Pick<Customer, 'name' | 'language'>;

const casts: Record<SandboxAccount['type'], Person[]> = {
  wechat: [
    { name: '陈晓琳', language: 'zh-CN' },
    { name: '李思远', language: 'zh-CN' },
    { name: '黃怡君', language: 'zh-TW' },
  ],
  telegram: [
    { name: 'Emma Lopez', language: 'en' },
    { name: 'Daniel Weber', language: 'en' },
    { name: '张伟', language: 'zh-CN' },
  ],
  webchat: [],
};

/** The people who have this account on their phones from the start. */
export function castOf(account: SandboxAccount): Customer[] {
  return casts[account.type].map((person) => customerOf(account, person));
}

/** The same account and name always give the same openid or chat id. */
export function customerOf(account: SandboxAccount, person: Person): Customer {
  const digest = createHash('sha256').update(`${account.id}\n${person.name}`).digest();
  return {
    ...person,
    id: `cu_${digest.toString('hex').slice(0, 16)}`,
    accountId: account.id,
    platformId: account.type === 'telegram' ? chatId(digest) : openid(digest),
    hasWritten: false,
    isGone: false,
    grants: [],
    messages: [],
  };
}

const openid = (digest: Buffer) => `o${digest.toString('base64url').slice(0, 27)}`;
/** Above 2³², as today's Telegram ids are. */
const chatId = (digest: Buffer) => String(5_000_000_000 + digest.readUInt32BE(0));
