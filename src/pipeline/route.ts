import { optsOut } from '../domain/asks';
import { textOf, type Content } from '../domain/content';
import type { Inbound } from '../domain/inbound';
import { freshMemory, type ConversationView, type Plan } from '../domain/plan';
import type { Bot } from '../bot/bot';
import type { Conversations } from '../desk/conversations/conversations';
import type { ConversationRow } from '../desk/conversations/model';
import type { Contacts } from '../crm/contacts';
import { rowsAtOnce, type Inbox, type InboxRow } from '../messages/inbox';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/log';
import type { Metrics } from '../platform/metrics';
import { normalise } from '../platform/text/normalise';
import { isStoreAway } from '../platform/mongo/connection';
import { LaneLost, type Lease } from '../platform/work/leases';
import type { Effects } from './effects';
import type { Receipts } from './receipts';

export interface RouteParts {
  inbox: Inbox;
  conversations: Conversations;
  contacts: Contacts;
  bot: Bot;
  effects: Effects;
  receipts: Receipts;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

/** A conversation may close between the decision and its effects; then it is decided anew. */
const longestChase = 5;

/**
 * Handles what has arrived in one thread, in the order in which it arrived. Answers when to come back: at once when there
 * may be more, so that a thread with a long backlog goes behind those that wait.
 */
export async function routeThread(parts: RouteParts, threadId: string, lease: Lease): Promise<Date | null> {
  const rows = await parts.inbox.nextOf(threadId);
  for (const row of rows) {
    const waitMs = await routeSafely(parts, row, lease);
    if (waitMs > 0) return new Date(parts.clock.now().getTime() + waitMs);
  }
  return rows.length < rowsAtOnce ? null : parts.clock.now();
}

/** A store that is away says nothing of the message: it counts as no failed try. */
const storeAwayMs = 500;

/** A row that fails is tried again later, and set aside at last: one poisoned message must not stop a customer for ever. */
async function routeSafely(parts: RouteParts, row: InboxRow, lease: Lease): Promise<number> {
  const { log, inbox } = parts;
  try {
    await routeRow(parts, row, lease);
    return 0;
  } catch (error) {
    if (error instanceof LaneLost) throw error;
    if (isStoreAway(error)) {
      log.warn({ err: error, inboxId: row._id }, 'route: the store is away, will be tried again');
      return storeAwayMs;
    }
    const { dead } = await inbox.fail(row, (error as Error).message);
    if (dead) log.error({ err: error, inboxId: row._id }, 'route: message set aside as dead');
    else log.warn({ err: error, inboxId: row._id }, 'route: will be tried again');
    return dead ? 0 : 250 * 2 ** row.attempts;
  }
}

async function routeRow(parts: RouteParts, row: InboxRow, lease: Lease): Promise<void> {
  const isPlanned = row.what.kind === 'message' || (await parts.receipts.handle(row)) === 'plan';
  if (isPlanned) await planAndExecute(parts, row, lease);
  await parts.inbox.finish(row);
}

async function planAndExecute(parts: RouteParts, row: InboxRow, lease: Lease): Promise<void> {
  await obeyOptOut(parts, row);
  for (let chase = 0; chase < longestChase; chase++) {
    const open = await parts.conversations.findOpen(row.accountId, row.identityId);
    const contact = await contactOf(parts, row, open);
    const plan = row.plan ?? (await parts.inbox.recordPlan(row, await decide(parts, row, open, contact)));
    const done = await parts.effects.execute({ row, plan, open, contact, fence: lease.fence });
    if (done) return void observe(parts, row, plan);
    await parts.inbox.dropPlan(row);
    row = { ...row, plan: null };
  }
  throw new Error(`The conversation of ${row._id} kept changing.`);
}

/** An open conversation knows whose it is. */
const contactOf = ({ contacts }: RouteParts, row: InboxRow, open: ConversationRow | null) =>
  open
    ? { id: open.contactId, name: open.contactName }
    : contacts.ensure(row.identityId, row.author, row.accountId, row.receivedAt);

/** Whoever owns the conversation: nothing may be sent any more but service. */
async function obeyOptOut({ contacts }: RouteParts, row: InboxRow): Promise<void> {
  if (row.what.kind === 'message' && optsOut(normalise(textOf(row.what.content))))
    await contacts.recordConsent(row.identityId, false, 'asked', row.receivedAt);
}

function decide(
  parts: RouteParts,
  row: InboxRow,
  open: ConversationRow | null,
  contact: { id: string; name: string },
) {
  return parts.bot.plan({
    inboundId: row._id,
    content: contentOf(row.what),
    event: row.what.kind === 'event' ? row.what.event : null,
    channel: row.channel,
    conversation: open && toView(open),
    language: open?.language ?? row.author.language,
    now: row.receivedAt,
    contact: { id: contact.id, name: contact.name, tags: [] },
  });
}

const contentOf = (what: Inbound['what']): Content =>
  what.kind === 'message' ? what.content : { type: 'text', text: '' };

const toView = (row: ConversationRow): ConversationView => ({
  id: row._id,
  status: row.status,
  memory: row.memory ?? freshMemory,
  flowRun: row.flowRun,
  language: row.language,
  assigneeId: row.assigneeId,
  hasTicket: row.ticketId !== null,
});

function observe(parts: RouteParts, row: InboxRow, plan: Plan): void {
  const seconds = (parts.clock.now().getTime() - row.receivedAt.getTime()) / 1_000;
  parts.metrics.answered.observe({ decision: plan.decision.kind }, seconds);
}
