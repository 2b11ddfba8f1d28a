import { botActor } from '../../domain/actor';
import type { Handover } from '../../domain/plan';
import type { ConversationRow } from '../conversations/model';
import type { SlaClocks } from '../sla/clocks';
import type { Tickets } from './tickets';

interface NewCase {
  id: string;
  conversation: ConversationRow;
  handover: Handover;
  at: Date;
}

/** Opens what is tracked until it is solved: a ticket and the clocks that its policy promises. */
export class Cases {
  constructor(private readonly parts: { tickets: Tickets; clocks: SlaClocks }) {}

  /** Of the same handover there is one case, however often it is opened. */
  async openCase({ id, conversation, handover, at }: NewCase): Promise<{ ticketId: string; number: number }> {
    const known =
      conversation.ticketId &&
      (await this.parts.tickets.models.tickets.findById(conversation.ticketId).lean());
    if (known) return { ticketId: known._id, number: known.number };
    const ticket = await this.parts.tickets.open(
      {
        _id: id,
        subject: subjectOf(handover),
        priority: handover.priority,
        contactId: conversation.contactId,
        contactName: conversation.contactName,
        identityId: conversation.identityId,
        accountId: conversation.accountId,
        channel: conversation.channel,
        conversationId: conversation._id,
        teamId: conversation.teamId,
        teamName: conversation.teamName,
        fields: handover.slots,
        origin: { kind: 'handover', id: conversation._id },
      },
      { actor: botActor, cause: handover.reason, at },
    );
    await this.parts.clocks.begin(ticket, at);
    return { ticketId: ticket._id, number: ticket.number };
  }
}

const subjectOf = ({ summary, reason }: Handover): string => (summary.split('\n')[0] || reason).slice(0, 200);
