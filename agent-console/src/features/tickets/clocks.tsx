import { CircleCheck, CircleSlash } from 'lucide-react';
import type { TicketView } from '../../../../src/contract/tickets';
import { fullTime } from '../../lib/time';
import { Badge } from '../../ui/badge';
import { Card } from '../../ui/page';
import { SlaPill } from '../../ui/sla-pill';
import { useUiWords } from '../../ui/words';
import { useWords } from './words';

export function Clocks({ clocks }: { clocks: TicketView['clocks'] }) {
  const t = useWords();
  const ui = useUiWords();
  return (
    <Card title={t('clocks')}>
      {clocks.length === 0 ? (
        <p className="px-4 py-3 text-[13px] text-muted">{t('noClocks')}</p>
      ) : (
        <dl className="flex flex-col gap-3 px-4 py-3">
          {clocks.map((clock) => (
            <div key={`${clock.metric} ${clock.startedAt}`} className="flex items-center gap-3">
              <dt className="min-w-0 flex-1">
                {ui(`metric.${clock.metric}`)}
                <time dateTime={clock.dueAt} className="block text-xs text-muted">
                  {t('dueAt', { time: fullTime(clock.dueAt) })}
                </time>
              </dt>
              <dd>
                <Outcome clock={clock} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}

function Outcome({ clock }: { clock: TicketView['clocks'][number] }) {
  const t = useWords();
  if (clock.state === 'met')
    return (
      <Badge tone="good" icon={<CircleCheck className="size-3.5" aria-hidden />}>
        {t('clock.met')}
      </Badge>
    );
  if (clock.state === 'cancelled')
    return <Badge icon={<CircleSlash className="size-3.5" aria-hidden />}>{t('clock.cancelled')}</Badge>;
  return <SlaPill clock={clock} />;
}
