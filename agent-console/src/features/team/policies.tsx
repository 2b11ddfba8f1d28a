import { useQuery } from '@tanstack/react-query';
import type { BusinessHours, SlaPolicy } from '../../../../src/contract/policies';
import { priorities } from '../../../../src/domain/ticket';
import { call } from '../../lib/api';
import { useChannelName } from '../../ui/channel';
import { type Column, DataTable } from '../../ui/data-table';
import { Loaded } from '../../ui/loaded';
import { Card } from '../../ui/page';
import { EmptyState } from '../../ui/states';
import { useUiWords } from '../../ui/words';
import { useWords } from './words';

/** What is promised to customers, and when we are there: to be read by everyone who keeps it. */
export function Policies() {
  const t = useWords();
  const policies = useQuery({
    queryKey: ['sla-policies'],
    queryFn: ({ signal }) => call('GET /sla-policies', { signal }),
  });
  const hours = useQuery({
    queryKey: ['business-hours'],
    queryFn: ({ signal }) => call('GET /business-hours', { signal }),
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <section aria-label={t('policies')} className="min-w-0">
        <h2 className="font-semibold">{t('policies')}</h2>
        <p className="mb-3 text-[13px] text-muted">{t('policiesHint')}</p>
        <Loaded query={policies}>{({ items }) => <PolicyTable policies={items} />}</Loaded>
      </section>
      <Card title={t('hours')}>
        <Loaded query={hours}>{({ hours: opening }) => <Hours hours={opening} />}</Loaded>
      </Card>
    </div>
  );
}

function PolicyTable({ policies }: { policies: SlaPolicy[] }) {
  const t = useWords();
  const ui = useUiWords();
  const span = useSpan();
  const applies = useApplies();
  const promises = [
    ['firstResponseMinutes', ui('metric.first_response')],
    ['nextResponseMinutes', ui('metric.next_response')],
    ['resolutionMinutes', ui('metric.resolution')],
  ] as const;
  const columns: Column<SlaPolicy>[] = [
    {
      key: 'name',
      title: t('policy'),
      cell: (policy) => (
        <>
          <span className="font-medium">{policy.name}</span>
          <span className="block text-xs text-muted">{applies(policy)}</span>
          <span className="block text-xs text-muted">
            {t('calendar')}: {t(`calendar.${policy.calendar}`)}
          </span>
          <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-[13px] md:hidden">
            {promises.map(([key, title]) => (
              <div key={key} className="contents">
                <dt className="text-muted">{title}</dt>
                <dd className="tabular text-right">{span(policy[key])}</dd>
              </div>
            ))}
          </dl>
        </>
      ),
    },
    ...promises.map(([key, title]) => ({
      key,
      title,
      align: 'end' as const,
      from: 'md' as const,
      cell: (policy: SlaPolicy) => <span className="tabular whitespace-nowrap">{span(policy[key])}</span>,
    })),
  ];
  if (policies.length === 0) return <EmptyState title={t('policiesEmpty')} />;
  return <DataTable label={t('policies')} columns={columns} rows={policies} rowKey={({ name }) => name} />;
}

/** Minutes in the largest unit that fits without a rest. */
function useSpan(): (minutes: number | null) => string {
  const t = useWords();
  return (minutes) => {
    if (minutes === null) return t('noPromise');
    if (minutes % 1_440 === 0) return t('days', { count: minutes / 1_440 });
    return minutes % 60 === 0 ? t('hoursLong', { count: minutes / 60 }) : t('minutes', { count: minutes });
  };
}

function useApplies(): (policy: SlaPolicy) => string {
  const t = useWords();
  const ui = useUiWords();
  const channelName = useChannelName();
  const priorityName = (value: string) => {
    const known = priorities.find((one) => one === value);
    return known ? ui(`priority.${known}`) : value;
  };
  return ({ when: { channels, priorities: wanted, tags } }) =>
    [
      channels && t('when.channels', { values: channels.map(channelName).join(', ') }),
      wanted && t('when.priorities', { values: wanted.map(priorityName).join(', ') }),
      tags && t('when.tags', { values: tags.join(', ') }),
    ]
      .filter(Boolean)
      .join(' · ') || t('whenAll');
}

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function Hours({ hours }: { hours: BusinessHours | null }) {
  const t = useWords();
  if (!hours) return <p className="p-4 text-[13px]">{t('alwaysOpen')}</p>;
  return (
    <div className="flex flex-col gap-3 p-4 text-[13px]">
      <dl className="grid grid-cols-[6rem_1fr] gap-y-1.5">
        {days.map((day) => (
          <div key={day} className="contents">
            <dt className="text-muted">{t(`day.${day}`)}</dt>
            <dd className="tabular">
              {(hours.week[day] ?? []).map(([from, to]) => `${from}–${to}`).join(', ') || t('closed')}
            </dd>
          </div>
        ))}
      </dl>
      <dl className="flex flex-col gap-2 border-t border-line pt-3">
        {(
          [
            ['timeZone', hours.timeZone],
            ['holidays', hours.holidays.join(', ')],
            ['workdays', hours.workdays.join(', ')],
          ] as const
        ).map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt className="text-xs text-muted">{t(name)}</dt>
                <dd className="tabular break-words">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </div>
  );
}
