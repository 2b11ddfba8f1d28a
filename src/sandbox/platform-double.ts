import type { ApiAnswer, ApiCall } from './http/api-call';
import type { Controls } from './faults';
import type { Act } from './phones/act';
import type { Customer } from './phones/customer';
import type { NewPhoneMessage } from './phones/phone-message';

/** What a platform posts to the server; the same bytes at every try. */
export interface Webhook {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What follows from something that a customer did on the phone. */
export interface ActOutcome {
  /** What the phone shows of it. */
  shown: NewPhoneMessage | null;
  /** Signs the webhook; an impostor signs with a secret of its own. */
  webhook(asImpostor: boolean): Webhook;
}

/** A foreign HTTP API, played by the sandbox. */
export interface ApiDouble {
  /** Whose controls and record the call belongs to. */
  accountOf(call: ApiCall): { id: string } | undefined;
  /** Does this call bring something about, such as a message to a phone? Failures on order hit only those. */
  isSend(call: ApiCall): boolean;
  answer(call: ApiCall): Promise<ApiAnswer>;
  failure(fail: Controls['fail']): ApiAnswer;
}

/** One social platform: its API and its phones. */
export interface PlatformDouble extends ApiDouble {
  act(customer: Customer, act: Act): ActOutcome;
  /** Does this answer to a webhook content the platform? */
  isAccepted(status: number, body: string): boolean;
  /** What the customer is told when the server never accepted the message. */
  refusalNotice: string | null;
  webhookTimeoutMs: number;
  retryDelaysMs: number[];
}
