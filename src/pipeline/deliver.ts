import { maxAttempts, retryDelayMs, type DeliveryFailure, type DeliveryOutcome } from '../domain/delivery';
import type { ChannelHost } from '../channels/host/host';
import type { Delivery } from '../domain/message';
import type { Conversations } from '../desk/conversations/conversations';
import type { MessageStore } from '../messages/message-store';
import { rowsAtOnce, type Outbox, type OutboxRow } from '../messages/outbox';
import type { ThreadRow, Threads } from '../messages/threads';
import { toMessageView } from '../messages/view';
import type { Clock } from '../platform/clock';
import type { AccountGate } from './account-gate';
import type { Signals } from '../platform/coordination';
import type { Logger } from '../platform/log';
import type { Metrics } from '../platform/metrics';

export interface DeliverParts {
  outbox: Outbox;
  threads: Threads;
  messages: MessageStore;
  conversations: Conversations;
  host: ChannelHost;
  clock: Clock;
  signals: Signals;
  log: Logger;
  metrics: Metrics;
  gate: AccountGate;
  random: () => number;
}

/** Sends what waits in one thread, in order: a message that must wait holds back those behind it. */
export async function deliverThread(parts: DeliverParts, threadId: string): Promise<Date | null> {
  const thread = await parts.threads.byId(threadId);
  if (!thread) return null;
  for (;;) {
    const rows = await parts.outbox.waitingIn(threadId);
    for (const row of rows) {
      const waitUntil = await deliver(parts, thread, row);
      if (waitUntil) return waitUntil;
    }
    // What comes later wakes the lane again.
    if (rows.length < rowsAtOnce) return null;
  }
}

async function deliver(parts: DeliverParts, thread: ThreadRow, row: OutboxRow): Promise<Date | null> {
  const now = parts.clock.now();
  if (row.state === 'sending' && !parts.host.isRepeatable(row.accountId)) return settleUnknown(parts, row);
  if (row.state === 'pending') {
    if (row.dueAt > now) return row.dueAt;
    const opensAt = parts.gate.opensAt(row.accountId, now);
    if (opensAt) return opensAt;
    const refusal = await refusedBeforeSending(parts, thread, row, now);
    if (refusal) return settle(parts, row, refusal);
    if (!(await parts.outbox.markSending(row))) return null;
  }
  return settle(parts, row, await parts.host.send(toOutgoing(thread, row)));
}

/** Gates are asked right before each send. */
async function refusedBeforeSending(parts: DeliverParts, thread: ThreadRow, row: OutboxRow, now: Date) {
  // Without a window nothing is counted.
  if (!row.gates.includes('window') || !thread.replyWindow) return null;
  const current = (await parts.threads.byId(thread._id)) ?? thread;
  if (await parts.threads.takeFromWindow(current, now)) return null;
  return failure(
    'window',
    'The reply window of this channel is closed: wait for the contact to write again.',
  );
}

const toOutgoing = (thread: ThreadRow, row: OutboxRow) => ({
  accountId: row.accountId,
  thread: { id: thread._id, tags: thread.tags },
  messageId: row.messageId,
  conversationId: row.conversationId,
  content: row.content,
});

/** Found half sent after a crash: the platform may have it, so it is never sent again by itself. */
async function settleUnknown(parts: DeliverParts, row: OutboxRow): Promise<null> {
  const message = await parts.messages.byId(row.messageId);
  // The server stopped between the two notes of an outcome: the message has it already.
  if (message?.delivery && message.delivery !== 'pending')
    await parts.outbox.settle(row, stateOf(message.delivery), row.lastError);
  else await finish(parts, row, 'unknown', failure('unknown', 'The server stopped while it was being sent.'));
  return null;
}

const stateOf = (delivery: Exclude<Delivery, 'pending'>) =>
  delivery === 'failed' || delivery === 'unknown' ? delivery : 'sent';

async function settle(parts: DeliverParts, row: OutboxRow, outcome: DeliveryOutcome): Promise<Date | null> {
  parts.gate.note(row.accountId, outcome, parts.clock.now());
  parts.metrics.sends.inc({ channel: row.accountId, outcome: outcome.ok ? 'sent' : outcome.errorClass });
  if (outcome.ok) {
    await finish(parts, row, 'sent', null, outcome.externalId);
    return null;
  }
  const attempt = row.attempts + 1;
  if (isRetryable(outcome) && attempt < maxAttempts) return postpone(parts, row, outcome, attempt);
  await finish(parts, row, stateAfter(outcome), outcome);
  return null;
}

const isRetryable = ({ errorClass }: DeliveryFailure): boolean =>
  errorClass === 'retry' || errorClass === 'token';

function stateAfter({ errorClass }: DeliveryFailure): 'failed' | 'unknown' | 'dead' {
  if (errorClass === 'unknown') return 'unknown';
  return errorClass === 'retry' || errorClass === 'token' ? 'dead' : 'failed';
}

async function postpone(
  parts: DeliverParts,
  row: OutboxRow,
  outcome: DeliveryFailure,
  attempt: number,
): Promise<Date> {
  const waitMs = retryDelayMs(attempt, outcome.retryAfterMs, parts.random());
  const dueAt = new Date(parts.clock.now().getTime() + waitMs);
  await parts.outbox.postpone(row, dueAt, outcome);
  if (row.gates.includes('window')) await parts.threads.returnToWindow(row.threadId);
  parts.log.warn(
    { outboxId: row._id, accountId: row.accountId, attempt, waitMs },
    'deliver: will be tried again',
  );
  return dueAt;
}

async function finish(
  parts: DeliverParts,
  row: OutboxRow,
  state: 'sent' | 'failed' | 'unknown' | 'dead',
  error: DeliveryFailure | null,
  externalId: string | null = null,
): Promise<void> {
  if (state === 'dead')
    parts.log.error({ outboxId: row._id, accountId: row.accountId }, 'deliver: dead letter');
  const delivery = state === 'dead' ? 'failed' : state;
  const told = error && { class: error.errorClass, message: error.message, platformCode: error.platformCode };
  const message = await parts.messages.recordDelivery(row.messageId, delivery, { externalId, error: told });
  if (message)
    await parts.conversations.tellMessage(row.conversationId, 'message:updated', toMessageView(message), {
      id: `${row._id}:${delivery}`,
      at: parts.clock.now(),
    });
  await parts.outbox.settle(row, state, error);
  parts.signals.send('relay');
}

const failure = (errorClass: DeliveryFailure['errorClass'], message: string) => ({
  ok: false as const,
  errorClass,
  message,
  platformCode: null,
  retryAfterMs: null,
});
