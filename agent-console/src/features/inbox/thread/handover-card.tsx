import { BookOpen, Handshake } from 'lucide-react';
import type { ConversationView } from '../../../../../src/contract/conversations';
import { clockTime } from '../../../lib/time';
import { Badge } from '../../../ui/badge';
import { useWords } from '../words';

type Handover = NonNullable<ConversationView['handover']>;

/** What the bot tells the agent: why it gave over, what it is about, what it knows and what it tried. */
export function HandoverCard({ handover }: { handover: Handover }) {
  const t = useWords();
  const { reason, summary, slots, articles, at } = handover;
  const known = Object.entries(slots);
  return (
    <section
      aria-label={t('handover')}
      data-testid="handover"
      className="my-3 rounded-xl border border-line bg-panel p-4 shadow-card"
    >
      <header className="flex items-center gap-2 text-[13px]">
        <Handshake className="size-4.5 text-bot" aria-hidden />
        <h3 className="font-semibold">{t('handover')}</h3>
        <Badge tone="bot">{reasonText(t, reason)}</Badge>
        <time dateTime={at} className="ml-auto text-xs text-muted">
          {clockTime(at)}
        </time>
      </header>
      {summary && <p className="mt-2.5 whitespace-pre-line">{summary}</p>}
      {known.length > 0 && (
        <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-[13px]">
          {known.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0 font-medium break-words">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {articles.length > 0 && (
        <div className="mt-3 border-t border-line pt-2.5">
          <p className="text-xs text-muted">{t('articlesTried')}</p>
          <ul className="mt-1.5 flex flex-col gap-1 text-[13px]">
            {articles.map(({ id, title, confidence }) => (
              <li key={id} className="flex items-center gap-2">
                <BookOpen className="size-3.5 shrink-0 text-muted" aria-hidden />
                <span className="min-w-0 flex-1 truncate">{title}</span>
                <span className="tabular text-xs text-muted">{Math.round(confidence * 100)}%</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

const reasons = [
  'contact_asked',
  'not_understood',
  'unreadable',
  'complaint',
  'flow',
  'bot_failed',
  'reopened',
] as const;
function reasonText(t: ReturnType<typeof useWords>, reason: string): string {
  const one = reasons.find((candidate) => candidate === reason);
  return one ? t(`reason.${one}`) : reason.replaceAll('_', ' ');
}
