import type { PhoneMessage } from './phone-message';

/** How long, and how often, a platform lets the account write after the customer did something. */
export interface ReplyGrant {
  cause: 'message' | 'click';
  closesAt: number;
  left: number;
}

/** A person with a phone, known to one account of one platform. */
export interface Customer {
  id: string;
  accountId: string;
  name: string;
  language: 'zh-CN' | 'zh-TW' | 'en';
  /** The openid or the chat id. */
  platformId: string;
  /** Has the customer ever written? A Telegram bot cannot speak first. */
  hasWritten: boolean;
  /** Blocked the bot, or no longer follows the account. */
  isGone: boolean;
  grants: ReplyGrant[];
  messages: PhoneMessage[];
}
