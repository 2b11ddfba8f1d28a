import type { ConversationStatus } from '../../../src/domain/conversation';
import type { Priority, TicketStatus } from '../../../src/domain/ticket';
import { Badge, type BadgeTone } from './badge';
import { useUiWords } from './words';

const conversationTones: Record<ConversationStatus, BadgeTone> = {
  bot: 'bot', queued: 'warn', open: 'accent', pending: 'neutral', snoozed: 'neutral', closed: 'neutral',
}; // prettier-ignore
const ticketTones: Record<TicketStatus, BadgeTone> = {
  new: 'warn', open: 'accent', pending: 'neutral', 'on-hold': 'neutral', solved: 'good', closed: 'neutral',
}; // prettier-ignore
const priorityTones: Record<Priority, BadgeTone> = {
  low: 'neutral', normal: 'neutral', high: 'warn', urgent: 'bad',
}; // prettier-ignore

export function ConversationStatusBadge({ status }: { status: ConversationStatus }) {
  const t = useUiWords();
  return <Badge tone={conversationTones[status]}>{t(`status.${status}`)}</Badge>;
}
export function TicketStatusBadge({ status }: { status: TicketStatus }) {
  const t = useUiWords();
  return <Badge tone={ticketTones[status]}>{t(`ticket.${status}`)}</Badge>;
}
export function PriorityBadge({ priority }: { priority: Priority }) {
  const t = useUiWords();
  return <Badge tone={priorityTones[priority]}>{t(`priority.${priority}`)}</Badge>;
}
