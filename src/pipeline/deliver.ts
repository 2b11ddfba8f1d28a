import {
  longestDelayMs,
  maxAttempts,
  retryDelayMs,
  type DeliveryFailure,
  type DeliveryOutcome,
} from '../domain/delivery';
import { refuseMessages, type ReplyWindow, type WindowRefusal } from '../domain/reply-window';
import type { MessageView } from '../contract/messages';
import type { ChannelHost } from '../channels/host/host';
import { messagesIn } from '../channels/host/limits';
import type { Delivery } from '../domain/message';
import type { Conversations } from '../desk/conversations/conversations';
import type { Pacer } from './pacer';
import type { MessageStore } from '../messages/message-store';
import { rowsAtOnce, type Outbox, type OutboxRow } from '../messages/outbox';
import type { ThreadRow, Threads } from '../messages/threads';
import { toMessageView } from '../messages/view';
import type { Clock } from '../platform/clock';
import type { AccountGate } from './account-gate';
import type { Logger } from '../platform/log';
import type { Metrics } from '../platform/metrics';
import { newId } from '../platform/ids';
import { insist } from './insist';

export interface DeliverParts {
  outbox: Outbox;
  threads: Threads;
  messages: MessageStore;
  conversations: Conversations;
  host: ChannelHost;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  gate: AccountGate;
  pacer: Pacer;
  random: () => number;
  /** Rows that this process began to mark and has not sent, each with the claim of that try. */
  unsent: Map<string, string>;
  /** Nothing is waited for any longer. */
  isStopping(): boolean;
}

/**
 * Sends what waits in one thread, in order: a message that must wait holds back those behind it. Answers when to come back:
 * at once when there may be more, behind the threads that wait.
 */
export async function deliverThread(parts: DeliverParts, threadId: string): Promise<Date | null> {
  const thread = await parts.threads.byId(threadId);
  if (!thread) return null;
  const rows = await parts.outbox.waitingIn(threadId);
  for (const row of rows) {
    if (parts.isStopping()) return null;
    const waitUntil = await deliver(parts, thread, row);
    if (waitUntil) return waitUntil;
  }
  // What comes later wakes the lane again.
  return rows.length < rowsAtOnce ? null : parts.clock.now();
}

async function deliver(parts: DeliverParts, thread: ThreadRow, row: OutboxRow): Promise<Date | null> {
  const now = parts.clock.now();
  const mayBeSent = row.state === 'sending' && parts.unsent.get(row._id) !== row.claim;
  if (mayBeSent && !parts.host.isRepeatable(row.accountId)) return settleUnknown(parts, row);
  if (row.state === 'pending' && row.dueAt > now && !isBeyondAnyWait(row, now)) return row.dueAt;
  const opensAt = parts.gate.opensAt(row.accountId) ?? paced(parts, row, now);
  if (opensAt) return opensAt;
  const claim = row.state === 'pending' ? await mark(parts, row) : row.claim;
  // Somebody else has it, and so perhaps the lane: those behind it must not overtake it.
  if (!claim) return now;
  // After the mark and in its name, so that a reply's gate can tell what has taken of the window and what has not.
  const window = await takeFromWindow(parts, thread, row, { claim, now });
  if (window.refusal) return refuse(parts, row, window.refusal, window.left);
  // From here on it may be sent.
  parts.unsent.delete(row._id);
  return noteOutcome(parts, row, await parts.host.send(toOutgoing(thread, row)), window.left);
}

/** No try is put off that long: the wall clock was set back since. */
const isBeyondAnyWait = ({ dueAt, lastError }: OutboxRow, now: Date): boolean =>
  dueAt.getTime() - now.getTime() > Math.max(longestDelayMs, lastError?.retryAfterMs ?? 0);

/** Its mark may stand though the answer was lost: this process then knows that it was not sent. Null: another's. */
async function mark({ outbox, unsent }: DeliverParts, row: OutboxRow): Promise<string | null> {
  const claim = newId('cl');
  unsent.set(row._id, claim);
  return (await outbox.markSending(row, claim)) ? claim : null;
}

/** The platform has answered, and only this process knows what: a store that is away must not make the message `unknown`. */
async function noteOutcome(
  parts: DeliverParts,
  row: OutboxRow,
  outcome: DeliveryOutcome,
  window: ReplyWindow | null,
): Promise<Date | null> {
  parts.gate.note(row.accountId, outcome);
  parts.metrics.sends.inc({ channel: row.accountId, outcome: outcome.ok ? 'sent' : outcome.errorClass });
  const { result: waitUntil, isLate } = await insist(parts, () => settle(parts, row, outcome, window));
  // Meanwhile the lane may have got another owner: it is asked for anew.
  return isLate ? (waitUntil ?? parts.clock.now()) : waitUntil;
}

/** When the platform wants it, if not now. */
function paced({ pacer, host }: DeliverParts, { accountId, threadId, content }: OutboxRow, now: Date) {
  const limits = host.limitsOf(accountId);
  if (!limits.pace) return null;
  return pacer.take({ accountId, threadId, count: messagesIn(content, limits) }, limits.pace, now);
}

/** Gates are asked right before each send. `left`: the window after it, where there is one. */
async function takeFromWindow(
  parts: DeliverParts,
  thread: ThreadRow,
  row: OutboxRow,
  { claim, now }: { claim: string; now: Date },
) {
  if (!row.gates.includes('window') || !thread.replyWindow) return { refusal: null, left: null };
  const { replyWindow } = (await parts.threads.byId(thread._id)) ?? thread;
  const messages = messagesIn(row.content, parts.host.limitsOf(row.accountId));
  const refusal = refuseMessages(replyWindow, messages, now);
  if (refusal || replyWindow?.left === null) return { refusal, left: replyWindow };
  const left = await parts.threads.takeFromWindow(thread._id, { messages, claim, now });
  return { refusal: left ? null : ('quota_used' as const), left: left ?? replyWindow };
}

const reasons: Record<WindowRefusal, string> = {
  window_closed: 'The reply window of this channel is closed: wait for the contact to write again.',
  quota_used: 'The messages that this channel allows are used up: wait for the contact to write again.',
  too_long_for_quota: 'This text needs more messages than this channel allows now: shorten it.',
};

/** No call was made: it says nothing of the platform. */
async function refuse(
  parts: DeliverParts,
  row: OutboxRow,
  refusal: WindowRefusal,
  window: ReplyWindow | null,
) {
  const error = {
    errorClass: 'window' as const,
    message: reasons[refusal],
    platformCode: null,
    retryAfterMs: null,
  };
  await finish(parts, row, 'failed', { error, window });
  parts.unsent.delete(row._id);
  return null;
}

const toOutgoing = (thread: ThreadRow, row: OutboxRow) => ({
  accountId: row.accountId,
  thread: { id: thread._id, tags: thread.tags },
  messageId: row.messageId,
  conversationId: row.conversationId,
  content: row.content,
});

interface Ending {
  error: DeliveryFailure | null;
  externalId?: string | null;
  /** What is left of the reply window, where the channel has one. */
  window: ReplyWindow | null;
}

/** Found half sent after a crash: the platform may have it, so it is never sent again by itself. */
async function settleUnknown(parts: DeliverParts, row: OutboxRow): Promise<null> {
  const message = await parts.messages.byId(row.messageId);
  // The server stopped between the two notes of an outcome: the message has it already.
  if (message?.delivery && message.delivery !== 'pending')
    await finish(parts, row, stateOf(message.delivery), { error: row.lastError, window: null });
  else await finish(parts, row, 'unknown', { error: stopped, window: null });
  return null;
}

const stateOf = (delivery: Exclude<Delivery, 'pending'>) =>
  delivery === 'failed' || delivery === 'unknown' ? delivery : 'sent';

async function settle(
  parts: DeliverParts,
  row: OutboxRow,
  outcome: DeliveryOutcome,
  window: ReplyWindow | null,
): Promise<Date | null> {
  if (outcome.ok) {
    await finish(parts, row, 'sent', { error: null, externalId: outcome.externalId, window });
    return null;
  }
  const attempt = row.attempts + 1;
  if (mayRepeat(parts, row, outcome) && attempt < maxAttempts) return postpone(parts, row, outcome, attempt);
  const now = parts.clock.now();
  if (window && outcome.errorClass === 'window') {
    await parts.threads.closeWindow(row.threadId, window, now);
    window = { ...window, closesAt: now };
  }
  await finish(parts, row, stateAfter(outcome), { error: outcome, window });
  return null;
}

/** Not taken for sure; or taken perhaps, by a platform that would drop the second one. */
const mayRepeat = (
  { host }: DeliverParts,
  { accountId }: OutboxRow,
  { errorClass }: DeliveryFailure,
): boolean =>
  errorClass === 'retry' ||
  errorClass === 'token' ||
  (errorClass === 'unknown' && host.isRepeatable(accountId));

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
  if (row.gates.includes('window'))
    await parts.threads.returnToWindow(
      row.threadId,
      messagesIn(row.content, parts.host.limitsOf(row.accountId)),
    );
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
  { error, externalId = null, window }: Ending,
): Promise<void> {
  if (state === 'dead')
    parts.log.error({ outboxId: row._id, accountId: row.accountId }, 'deliver: dead letter');
  const delivery = state === 'dead' ? 'failed' : state;
  const told = error && { class: error.errorClass, message: error.message, platformCode: error.platformCode };
  const recorded = await parts.messages.recordDelivery(row.messageId, delivery, { externalId, error: told });
  // Recorded before by someone who may not have come to tell of it; the event log drops what it knows.
  const message = recorded ?? (await parts.messages.byId(row.messageId));
  const event = { id: `${row._id}:${row.round ?? 0}:${delivery}`, at: parts.clock.now() };
  if (message?.delivery === delivery) await tell(parts, toMessageView(message), event, window);
  await parts.outbox.settle(row, state, error);
}

function tell(
  { conversations }: DeliverParts,
  message: MessageView,
  event: { id: string; at: Date },
  window: ReplyWindow | null,
): Promise<void> {
  const { conversationId } = message;
  return window
    ? conversations.tellMessageSent(conversationId, message, window, event)
    : conversations.tellMessage(conversationId, 'message:updated', message, event);
}

const stopped: DeliveryFailure = {
  errorClass: 'unknown',
  message: 'The server stopped while it was being sent.',
  platformCode: null,
  retryAfterMs: null,
};
