import type { DeadLetterDetail, DeadLetterView } from '../../contract/dead-letters';
import { deadLetterKinds, type DeadLetterKind } from '../../domain/dead-letter';
import { textOf } from '../../domain/content';
import { Conflict, NotFound } from '../../platform/errors';
import { pageOf, readCursor, type Page } from '../../platform/mongo/paging';
import type { Inbox, InboxRow } from '../inbox';
import type { MessageStore } from '../message-store';
import type { MessageRow } from '../model';
import type { Outbox, OutboxRow } from '../outbox';

interface Parts {
  inbox: Inbox;
  outbox: Outbox;
  messages: MessageStore;
  /** Gives a quarantined webhook to its channel again. False: it is still not understood. */
  understand(row: InboxRow): Promise<boolean>;
  /** A message is on its way again: the consoles hear of it. */
  reopened(message: MessageRow): Promise<void>;
}

interface ListQuery {
  kind?: DeadLetterKind;
  cursor?: string;
  limit: number;
}
interface Row {
  order: string;
  view: DeadLetterView;
}

const shownBytes = 64 * 1024;

/** What was set aside. Replaying keeps its key, so nothing can come of it twice. */
export class DeadLetters {
  constructor(private readonly parts: Parts) {}

  /** Oldest first: of one kind, or of all. */
  async list({ kind, cursor, limit }: ListQuery): Promise<Page<DeadLetterView>> {
    const after = readCursor(cursor)?.id ?? '';
    const kinds = kind ? [kind] : deadLetterKinds;
    const lists = await Promise.all(kinds.map((one) => this.rows(one, after, limit + 1)));
    const rows = lists.flat().sort((a, b) => (a.order < b.order ? -1 : 1));
    const position = ({ order, view }: Row) => ({ at: new Date(view.at), id: order });
    return pageOf(rows, limit, position, ({ view }) => view);
  }

  async get(kind: DeadLetterKind, id: string): Promise<DeadLetterDetail> {
    if (kind === 'outbox') return { ...ofOutbox(await this.outboxRow(id)), raw: null };
    const row = await this.inboxRow(kind, id);
    const raw = row.raw ? Buffer.from(row.raw).subarray(0, shownBytes).toString('utf8') : null;
    return { ...ofInbox(row), raw };
  }

  async replay(kind: DeadLetterKind, id: string): Promise<void> {
    if (kind === 'outbox') return this.sendAgain(await this.outboxRow(id));
    const row = await this.inboxRow(kind, id);
    if (kind === 'inbox') return this.parts.inbox.revive(row);
    if (!(await this.parts.understand(row)))
      throw new Conflict(
        'not_understood',
        'It is still not understood: it may need a newer version of Parley.',
      );
    await this.parts.inbox.giveUp(row, 'done');
  }

  async discard(kind: DeadLetterKind, id: string): Promise<void> {
    if (kind === 'outbox') return this.parts.outbox.discard((await this.outboxRow(id))._id);
    return this.parts.inbox.giveUp(await this.inboxRow(kind, id), 'discarded');
  }

  private async rows(kind: DeadLetterKind, after: string, limit: number): Promise<Row[]> {
    if (kind === 'outbox')
      return (await this.parts.outbox.setAside(after, limit)).map((row) => ({
        order: row.order,
        view: ofOutbox(row),
      }));
    return (await this.parts.inbox.setAside(stateOf(kind), after, limit)).map((row) => ({
      order: row.order,
      view: ofInbox(row),
    }));
  }

  private async sendAgain(row: OutboxRow): Promise<void> {
    // The row first: a server that stops between the two leaves a message that is sent and then says so.
    if (!(await this.parts.outbox.reopen(row._id)))
      throw new Conflict('not_failed', 'It is on its way already.');
    const message = await this.parts.messages.reopenDelivery(row.messageId);
    if (message) await this.parts.reopened(message);
  }

  private async outboxRow(id: string): Promise<OutboxRow> {
    const row = await this.parts.outbox.byKey(id);
    if (!row || (row.state !== 'dead' && row.state !== 'unknown'))
      throw new NotFound(`No dead letter ${id}.`);
    return row;
  }

  private async inboxRow(kind: 'inbox' | 'quarantine', id: string): Promise<InboxRow> {
    const row = await this.parts.inbox.byId(id);
    if (row?.state !== stateOf(kind)) throw new NotFound(`No dead letter ${id}.`);
    return row;
  }
}

const stateOf = (kind: 'inbox' | 'quarantine') => (kind === 'inbox' ? 'dead' : 'quarantined');

const ofOutbox = (row: OutboxRow): DeadLetterView => ({
  id: row._id,
  kind: 'outbox',
  state: row.state === 'unknown' ? 'unknown' : 'dead',
  accountId: row.accountId,
  at: row.createdAt.toISOString(),
  attempts: row.attempts,
  error: row.lastError?.message ?? null,
  errorClass: row.lastError?.errorClass ?? null,
  text: textOf(row.content),
  conversationId: row.conversationId,
});

const ofInbox = (row: InboxRow): DeadLetterView => ({
  id: row._id,
  kind: row.state === 'quarantined' ? 'quarantine' : 'inbox',
  state: row.state === 'quarantined' ? 'quarantined' : 'dead',
  accountId: row.accountId,
  at: row.receivedAt.toISOString(),
  attempts: row.attempts,
  error: row.error,
  errorClass: null,
  text: row.what.kind === 'message' ? textOf(row.what.content) : null,
  conversationId: null,
});
