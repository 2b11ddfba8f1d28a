import { setTimeout as pause } from 'node:timers/promises';
import type { Faults } from '../faults';
import { headersOf } from '../http/api-call';
import type { ActOutcome, PlatformDouble, Webhook } from '../platform-double';
import type { Recorder } from '../recorder';

export interface DeliveryReport {
  delivered: boolean;
  /** Webhooks sent, copies and retries included. */
  attempts: number;
  /** The last answer; null when there was none. */
  status: number | null;
  body: string;
}

interface Parts {
  faults: Faults;
  recorder: Recorder;
  closing: AbortSignal;
}
interface Answer {
  status: number | null;
  body: string;
}

/** Brings webhooks to the server, as insistently as the platform would. */
export class Courier {
  constructor(private readonly parts: Parts) {}

  async deliver(accountId: string, double: PlatformDouble, outcome: ActOutcome): Promise<DeliveryReport> {
    const { faults, closing } = this.parts;
    await faults.untilOnline(accountId, closing);
    // An impostor tries once, and no platform stands behind to try again.
    if (faults.takeBadSignature(accountId)) return this.tryAll(accountId, double, outcome.webhook(true), []);
    const webhook = outcome.webhook(false);
    const report = await this.tryAll(accountId, double, webhook, double.retryDelaysMs);
    const copies = faults.of(accountId).deliveries - 1;
    if (copies <= 0 || !report.delivered || faults.of(accountId).atOnce) return report;
    for (let copy = 0; copy < copies; copy += 1) await this.send(accountId, double, webhook);
    return { ...report, attempts: report.attempts + copies };
  }

  private async tryAll(accountId: string, double: PlatformDouble, webhook: Webhook, delays: number[]) {
    const { deliveries, atOnce } = this.parts.faults.of(accountId);
    const together = atOnce ? deliveries : 1;
    for (let tried = 1; ; tried += 1) {
      const answers = await Promise.all(
        Array.from({ length: together }, () => this.send(accountId, double, webhook)),
      );
      const delivered = answers.every(
        ({ status, body }) => status !== null && double.isAccepted(status, body),
      );
      const delay = delays[tried - 1];
      if (delivered || delay === undefined || this.parts.closing.aborted)
        return { delivered, attempts: tried * together, ...answers[0]! };
      await pause(delay, undefined, { signal: this.parts.closing }).catch(() => undefined);
    }
  }

  private async send(accountId: string, double: PlatformDouble, webhook: Webhook): Promise<Answer> {
    const startedAt = performance.now();
    const signal = AbortSignal.any([this.parts.closing, AbortSignal.timeout(double.webhookTimeoutMs)]);
    const { url, headers, body } = webhook;
    const answer = await fetch(url, { method: 'POST', headers, body, signal })
      .then(async (response) => ({
        status: response.status,
        headers: headersOf(Object.fromEntries(response.headers)),
        body: await response.text(),
        problem: '',
      }))
      .catch((error: unknown) => ({ status: null, headers: {}, body: '', problem: reasonOf(error) }));
    const ok = answer.status !== null && double.isAccepted(answer.status, answer.body);
    this.parts.recorder.record({
      direction: 'webhook',
      accountId,
      method: 'POST',
      url,
      headers,
      body,
      status: answer.status,
      responseHeaders: answer.headers,
      response: answer.body,
      ms: Math.round(performance.now() - startedAt),
      verdict: { ok, reason: ok ? 'accepted' : answer.problem || `refused with ${answer.status}` },
    });
    return { status: answer.status, body: answer.body };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  return error.name === 'TimeoutError' ? 'no answer in time' : 'connection failed';
}
