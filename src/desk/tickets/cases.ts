import { botActor } from '../../domain/actor';
import type { Handover } from '../../domain/plan';
import { derivedId } from '../../platform/ids';
import type { ConversationRow } from '../conversations/model';
import type { SlaClocks } from '../sla/clocks';
import type { TicketRow } from './model';
import type { Act, Asked, NewTicket, TicketChange, Tickets } from './tickets';

interface NewCase {
  conversation: ConversationRow;
  handover: Handover;
  at: Date;
}

type About = Pick<NewTicket, '_id' | 'subject' | 'priority' | 'fields'>;

/** Opens what is tracked until it is solved: a ticket and the clocks that its policy promises. */
export class Cases {
  constructor(private readonly parts: { tickets: Tickets; clocks: SlaClocks }) {}

  /** Of one conversation there is one case, however often it is opened, and also when an agent takes over meanwhile. */
  async openCase({ conversation, handover, at }: NewCase): Promise<{ ticketId: string; number: number }> {
    const known = conversation.ticketId && (await this.parts.tickets.byId(conversation.ticketId));
    if (known) return { ticketId: known._id, number: known.number };
    const { slots: fields, priority, reason: cause } = handover;
    const about = { _id: idFor(conversation), subject: subjectOf(handover), priority, fields };
    const ticket = await this.open(about, conversation, { actor: botActor, cause, at });
    return { ticketId: ticket._id, number: ticket.number };
  }

  /** An agent takes over from the bot without a handover: that is a case too. */
  takeOver(conversation: ConversationRow, act: Act): Promise<TicketRow> {
    const subject = conversation.lastMessage?.text || conversation.contactName;
    const { priority } = conversation;
    return this.open({ _id: idFor(conversation), subject, priority }, conversation, act);
  }

  private async open(about: About, conversation: ConversationRow, act: Act): Promise<TicketRow> {
    const { contactId, contactName, identityId, accountId, channel, teamId, teamName } = conversation;
    const ticket = await this.parts.tickets.open(
      {
        ...about,
        contactId,
        contactName,
        identityId,
        accountId,
        channel,
        teamId,
        teamName,
        conversationId: conversation._id,
        origin: { kind: 'handover', id: conversation._id },
      },
      act,
    );
    await this.parts.clocks.begin(ticket, act.at);
    return ticket;
  }

  /** Ends the case, if there is one, of a conversation that has closed meanwhile. */
  settle(conversation: ConversationRow, at: Date): Promise<void> {
    return this.parts.clocks.settle(conversation.ticketId ?? idFor(conversation), at);
  }

  /** Changes the ticket; its clocks follow its status. */
  async change(ticketId: string, change: TicketChange, act: Act, asked?: Asked): Promise<TicketRow> {
    const ticket = await this.parts.tickets.change(ticketId, change, act, asked);
    await this.parts.clocks.follow(ticket, act.at);
    return ticket;
  }
}

const idFor = ({ _id }: ConversationRow): string => derivedId('tk', _id);

const subjectOf = ({ summary, reason }: Handover): string => (summary.split('\n')[0] || reason).slice(0, 200);
