import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { type DoubleParts } from './double-parts';
import { Faults } from './faults';
import { MediaStore } from './media/media-store';
import type { SandboxAccount, SandboxSettings, TelegramAccount, WechatAccount } from './options';
import { Courier } from './phones/courier';
import { Hands } from './phones/hands';
import { Phones } from './phones/phones';
import { Recorder } from './recorder';
import { Returns } from './shop/returns';
import { ShopDouble } from './shop/shop-double';
import { TelegramDouble } from './telegram/telegram-double';
import { WebhookSettings } from './telegram/webhook-settings';
import { WechatDouble } from './wechat/wechat-double';

export type SandboxParts = ReturnType<typeof createParts>;

/** Every part of the sandbox, wired; nothing listens yet. */
export function createParts(settings: SandboxSettings, now: () => Date) {
  const { accounts, retryDelaysMs } = settings;
  const dataDir = path.join(settings.dataDir, 'sandbox');
  const closing = new AbortController();
  // Everything under way listens to the end.
  setMaxListeners(0, closing.signal);
  const addresses = { own: '', server: settings.publicUrl };
  const phones = new Phones(dataDir, accounts, now);
  const recorder = new Recorder(dataDir, now);
  const faults = new Faults();
  const media = new MediaStore(dataDir);
  const doubleParts: DoubleParts = {
    phones,
    media,
    now,
    url: () => addresses.own,
    publicUrl: () => addresses.server,
    webhookUrl: (accountId) => new URL(`/webhooks/${encodeURIComponent(accountId)}`, addresses.server).href,
  };
  const wechat = new WechatDouble(accounts.filter(isWechat), doubleParts, retryDelaysMs.wechat);
  const telegram = new TelegramDouble(
    accounts.filter(isTelegram),
    doubleParts,
    new WebhookSettings(dataDir),
    retryDelaysMs.telegram,
  );
  const shop = new ShopDouble(new Returns(dataDir, now));
  const courier = new Courier({ faults, recorder, closing: closing.signal });
  const hands = new Hands({ accounts, platforms: { wechat, telegram }, phones, courier });
  return {
    settings,
    now,
    accounts,
    closing,
    addresses,
    phones,
    recorder,
    faults,
    media,
    wechat,
    telegram,
    shop,
    hands,
  };
}

const isWechat = (account: SandboxAccount): account is WechatAccount => account.type === 'wechat';
const isTelegram = (account: SandboxAccount): account is TelegramAccount => account.type === 'telegram';
