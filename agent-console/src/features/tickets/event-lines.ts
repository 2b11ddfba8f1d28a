import type { TicketEventView } from '../../../../src/contract/tickets';
import { priorities, ticketStatuses } from '../../../../src/domain/ticket';
import { useUiWords } from '../../ui/words';
import { useWords } from './words';
import type zhCN from './words/zh-CN.json';

type Words = keyof typeof zhCN;

interface Told {
  who: string;
  lines: string[];
  because: string | null;
}

/** An event of the history in the words of the page. */
export function useEventLines(): (event: TicketEventView) => Told {
  const t = useWords();
  const ui = useUiWords();
  const said = useValueWords();

  const linesOf = ({ type, before, after }: TicketEventView): string[] => {
    if (type === 'opened') return [t('opened')];
    if (type.startsWith('sla:')) {
      const metric = isMetric(after['metric']) ? ui(`metric.${after['metric']}`) : String(after['metric']);
      return [t(type === 'sla:breached' ? 'slaBreached' : 'slaWarning', { metric })];
    }
    return Object.keys(after)
      .filter((field) => fields.has(field))
      .map((field) =>
        t('changedFrom', {
          field: t(`field.${field}` as Words),
          before: said(field, before[field]),
          after: said(field, after[field]),
        }),
      );
  };
  return (event) => {
    const cause = causes.has(event.cause ?? '') ? t(`cause.${event.cause}` as Words) : null;
    const kind = actors.has(event.actor.kind) ? t(`actor.${event.actor.kind}` as Words) : event.actor.kind;
    return {
      who: event.actor.name ?? kind,
      lines: linesOf(event),
      because: cause && t('because', { cause }),
    };
  };
}

/** Ids stand beside the names; the names are enough for people. */
const fields = new Set([
  'status', 'priority', 'assigneeName', 'teamName', 'category', 'subject', 'tags', 'fields',
]); // prettier-ignore
const causes = new Set([
  'contact_asked', 'not_understood', 'complaint', 'flow', 'unreadable', 'bot_failed', 'reopened', 'answered',
  'claimed', 'assigned', 'transferred', 'returned to queue', 'closed', 'snoozed', 'snooze ended',
  'agent lost connection', 'agent was disabled', 'followed its conversation', 'the contact wrote',
]); // prettier-ignore
const actors = new Set(['system', 'bot', 'contact', 'agent', 'department']);

const isMetric = (value: unknown): value is 'first_response' | 'next_response' | 'resolution' =>
  value === 'first_response' || value === 'next_response' || value === 'resolution';

function useValueWords(): (field: string, value: unknown) => string {
  const ui = useUiWords();
  return (field, value) => {
    const status = field === 'status' && ticketStatuses.find((one) => one === value);
    if (status) return ui(`ticket.${status}`);
    const priority = field === 'priority' && priorities.find((one) => one === value);
    if (priority) return ui(`priority.${priority}`);
    if (value === null || value === undefined || value === '') return '—';
    if (Array.isArray(value)) return value.length === 0 ? '—' : value.join(', ');
    if (typeof value === 'object')
      return (
        Object.entries(value)
          .map(([name, one]) => `${name}=${String(one)}`)
          .join(', ') || '—'
      );
    return String(value as string | number);
  };
}
