import { randomBytes } from 'node:crypto';
import type { DoubleParts } from '../double-parts';
import type { Controls } from '../faults';
import { type ApiAnswer, type ApiCall, fileAnswer, jsonAnswer } from '../http/api-call';
import type { TelegramAccount } from '../options';
import type { Act } from '../phones/act';
import type { Customer } from '../phones/customer';
import type { ActOutcome, PlatformDouble, Webhook } from '../platform-double';
import { botMethods, botOf } from './bot-methods';
import { readParameters } from './parameters';
import { TelegramError, errorAnswer } from './telegram-error';
import { telegramAct } from './updates';
import type { WebhookSettings } from './webhook-settings';

const notFound = new TelegramError(404, 'Not Found');
const unauthorized = new TelegramError(401, 'Unauthorized');

/** The Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
export class TelegramDouble implements PlatformDouble {
  readonly refusalNotice = null;
  readonly webhookTimeoutMs = 10_000;

  constructor(
    private readonly accounts: TelegramAccount[],
    private readonly parts: DoubleParts,
    private readonly webhooks: WebhookSettings,
    readonly retryDelaysMs: number[],
  ) {}

  accountOf(call: ApiCall): TelegramAccount | undefined {
    const token = /^\/(?:file\/)?bot([^/]+)\//.exec(call.path)?.[1];
    return this.accounts.find((account) => account.configuration.botToken === token);
  }

  isSend(call: ApiCall): boolean {
    return /\/(send(?!ChatAction)\w+|editMessageText)$/i.test(call.path);
  }

  isAccepted(status: number): boolean {
    return status >= 200 && status < 300;
  }

  failure({ status, retryAfterSeconds }: Controls['fail']): ApiAnswer {
    if (status === 500) return errorAnswer(new TelegramError(500, 'Internal Server Error'));
    const description = `Too Many Requests: retry after ${retryAfterSeconds}`;
    return errorAnswer(new TelegramError(429, description, { retry_after: retryAfterSeconds }));
  }

  async answer(call: ApiCall): Promise<ApiAnswer> {
    try {
      const account = this.accountOf(call);
      if (!account) throw call.path.startsWith('/bot') ? unauthorized : notFound;
      if (call.path.startsWith('/file/')) return this.file(call);
      const name = call.path.split('/').at(-1)?.toLowerCase() ?? '';
      const method = Object.hasOwn(botMethods, name) ? botMethods[name] : undefined;
      if (!method) throw notFound;
      const parameters = await readParameters(call);
      const result = await method({ account, parameters, parts: this.parts, webhooks: this.webhooks });
      return jsonAnswer(200, { ok: true, result });
    } catch (error) {
      if (error instanceof TelegramError) return errorAnswer(error);
      throw error;
    }
  }

  act(customer: Customer, act: Act): ActOutcome {
    const account = this.accounts.find((one) => one.id === customer.accountId)!;
    const { phones, media, now } = this.parts;
    const circumstances = { customer, media, bot: botOf(account), now: now(), number: phones.nextNumber() };
    const { update, shown } = telegramAct(act, circumstances);
    if (act.kind === 'block' || act.kind === 'unblock') customer.isGone = act.kind === 'block';
    else customer.hasWritten = true;
    return { shown, webhook: (asImpostor) => this.webhook(account, update, asImpostor) };
  }

  /** Goes where the bot said by `setWebhook`; before that, where the server is known to be. */
  private webhook(account: TelegramAccount, update: unknown, asImpostor: boolean): Webhook {
    const set = this.webhooks.of(account.id);
    const own = set ? set.secret_token : account.configuration.secretToken;
    const secret = asImpostor ? randomBytes(16).toString('hex') : own;
    return {
      url: set?.url ?? this.parts.webhookUrl(account.id),
      headers: {
        'content-type': 'application/json',
        ...(secret && { 'x-telegram-bot-api-secret-token': secret }),
      },
      body: JSON.stringify(update),
    };
  }

  private file(call: ApiCall): ApiAnswer {
    const fileId = /\/files\/([\w-]+)\//.exec(call.path)?.[1] ?? '';
    const file = this.parts.media.get(fileId);
    return file ? fileAnswer(file) : errorAnswer(notFound);
  }
}
