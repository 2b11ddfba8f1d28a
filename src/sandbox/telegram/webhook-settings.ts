import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Parameters } from './parameters';
import { badRequest } from './telegram-error';

const setting = z.object({ url: z.string(), secret_token: z.string().optional() });
type Setting = z.infer<typeof setting>;

/** What each bot told Telegram by `setWebhook`. Kept on disk: Telegram does not forget either. */
export class WebhookSettings {
  private readonly file: string;
  private readonly settings: Map<string, Setting>;

  constructor(dataDir: string) {
    this.file = path.join(dataDir, 'telegram-webhooks.json');
    this.settings = new Map(Object.entries(readSettings(this.file)));
  }

  of(accountId: string): Setting | undefined {
    return this.settings.get(accountId);
  }

  set(accountId: string, parameters: Parameters): true {
    const { url, secret_token: secret } = parameters;
    if (typeof url !== 'string' || url === '') return this.delete(accountId);
    if (!URL.canParse(url)) throw badRequest('bad webhook: invalid URL');
    if (secret !== undefined && !/^[\w-]{1,256}$/.test(String(secret)))
      throw badRequest('secret token contains unallowed characters');
    this.settings.set(accountId, { url, secret_token: secret === undefined ? undefined : String(secret) });
    this.save();
    return true;
  }

  delete(accountId: string): true {
    this.settings.delete(accountId);
    this.save();
    return true;
  }

  info(accountId: string) {
    const url = this.of(accountId)?.url ?? '';
    return { url, has_custom_certificate: false, pending_update_count: 0, max_connections: 40 };
  }

  private save(): void {
    writeFileSync(this.file, JSON.stringify(Object.fromEntries(this.settings)));
  }
}

function readSettings(file: string): Record<string, Setting> {
  try {
    return z.record(z.string(), setting).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // A first start: no bot has set a webhook yet.
    return {};
  }
}
