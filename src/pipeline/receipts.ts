import type { InboundEvent } from '../domain/inbound';
import type { Delivery } from '../domain/message';
import type { Contacts } from '../crm/contacts';
import type { Conversations } from '../desk/conversations/conversations';
import type { InboxRow } from '../messages/inbox';
import type { MessageStore } from '../messages/message-store';
import type { Outbox } from '../messages/outbox';
import type { MessageRow } from '../messages/model';
import { toMessageView } from '../messages/view';

interface Parts {
  messages: MessageStore;
  outbox: Outbox;
  conversations: Conversations;
  contacts: Contacts;
}

/** Events that change what is there already (ticks, edits, blocks), and so need no decision. */
export class Receipts {
  constructor(private readonly parts: Parts) {}

  /** `plan`: this event is the bot's to answer. */
  async handle(row: InboxRow): Promise<'done' | 'plan'> {
    if (row.what.kind !== 'event') return 'plan';
    const { event } = row.what;
    switch (event.type) {
      case 'receipt':
        await this.tick(row, event);
        return 'done';
      case 'echoed':
        await this.echo(row, event);
        return 'done';
      case 'messageEdited':
        await this.edit(row, event);
        return 'done';
      case 'unsubscribed':
        await this.parts.contacts.ensure(row.identityId, row.author, row.accountId, row.receivedAt);
        await this.parts.contacts.unsubscribed(row.identityId, row.receivedAt);
        return 'done';
      case 'locationReported':
      case 'other':
        return 'done';
      case 'subscribed':
      case 'menuClicked':
      case 'scanned':
        return 'plan';
    }
  }

  private async tick(row: InboxRow, event: InboundEvent & { type: 'receipt' }): Promise<void> {
    const message = await this.parts.messages.byExternalId(row.accountId, event.externalId);
    if (!message) return;
    const recorded = await this.parts.messages.recordDelivery(message._id, event.delivery);
    await this.tellOf(row, recorded ?? message, event.delivery);
  }

  /** So it did arrive: whatever we took it for, it is sent and is not sent again. */
  private async echo(row: InboxRow, event: InboundEvent & { type: 'echoed' }): Promise<void> {
    const message = await this.parts.messages.byId(event.messageId);
    if (message?.accountId !== row.accountId) return;
    const waiting = await this.parts.outbox.byKey(message._id);
    if (waiting) await this.parts.outbox.settle(waiting, 'sent', null);
    const { externalId } = event;
    const recorded = await this.parts.messages.recordDelivery(message._id, 'sent', { externalId });
    await this.tellOf(row, recorded ?? message, 'sent');
  }

  /** Also when it was recorded before, by a try that may not have come to tell of it. */
  private async tellOf(row: InboxRow, message: MessageRow, delivery: Delivery): Promise<void> {
    if (message.delivery === delivery) await this.tell(row, message);
  }

  private async edit(row: InboxRow, event: InboundEvent & { type: 'messageEdited' }): Promise<void> {
    const message = await this.parts.messages.byExternalId(row.accountId, event.externalId);
    const edited = message && (await this.parts.messages.edit(message._id, event.content, row.receivedAt));
    if (edited) await this.tell(row, edited);
  }

  private tell(row: InboxRow, message: MessageRow): Promise<void> {
    return this.parts.conversations.tellMessage(
      message.conversationId,
      'message:updated',
      toMessageView(message),
      { id: `${row._id}:updated`, at: row.receivedAt },
    );
  }
}
