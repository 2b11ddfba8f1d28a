import { useState } from 'react';
import { useWords } from '../i18n/use-words';
import type { WordKey } from '../i18n/zh-cn';
import { useSandbox } from '../state/store';
import type { RecordedRequest } from '../state/types';
import { RequestEntry } from './request-entry';

type Filter = 'all' | 'webhooks' | 'apiCalls' | 'problems';
const filters: Record<Filter, (request: RecordedRequest) => boolean> = {
  all: () => true,
  webhooks: ({ direction }) => direction === 'webhook',
  apiCalls: ({ direction }) => direction === 'api',
  problems: ({ verdict }) => !verdict.ok,
};
const labels: Record<Filter, WordKey> = {
  all: 'all',
  webhooks: 'webhooks',
  apiCalls: 'apiCalls',
  problems: 'problems',
};

/** Every exchange between the platforms and the server, newest first. */
export function Inspector() {
  const words = useWords();
  const requests = useSandbox((state) => state.requests);
  const [filter, setFilter] = useState<Filter>('all');
  const [opened, setOpened] = useState<number | null>(null);
  const shown = requests.filter(filters[filter]).reverse();
  return (
    <section
      aria-label={words('inspector')}
      className="flex min-h-0 shrink-0 flex-col border-t border-line bg-panel max-xl:max-h-[44rem] xl:w-[clamp(20rem,27vw,26rem)] xl:border-t-0 xl:border-l"
    >
      <div className="flex flex-col gap-2 border-b border-line px-4 py-3">
        <h2 className="font-semibold">{words('inspector')}</h2>
        <div role="group" aria-label={words('inspector')} className="flex flex-wrap gap-1">
          {(Object.keys(filters) as Filter[]).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === filter}
              onClick={() => setFilter(one)}
              className="rounded-md px-2 py-1 text-xs text-muted hover:bg-raised aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
            >
              {words(labels[one])}
            </button>
          ))}
        </div>
      </div>
      {shown.length === 0 ? (
        <p className="p-6 text-sm text-muted">
          {words(requests.length === 0 ? 'inspectorEmpty' : 'noSuchRequests')}
        </p>
      ) : (
        <ul
          tabIndex={0}
          aria-label={words('inspector')}
          className="min-h-0 flex-1 divide-y divide-line overflow-y-auto"
        >
          {shown.map((request) => (
            <RequestEntry
              key={request.seq}
              request={request}
              isOpen={request.seq === opened}
              onToggle={() => setOpened(request.seq === opened ? null : request.seq)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
