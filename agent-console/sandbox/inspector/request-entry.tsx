import { ArrowDownLeft, ArrowUpRight, ChevronRight } from 'lucide-react';
import { useWords } from '../i18n/use-words';
import type { RecordedRequest } from '../state/types';
import { RequestDetail } from './request-detail';
import { verdictText } from './verdict-text';

interface Props {
  request: RecordedRequest;
  isOpen: boolean;
  onToggle: () => void;
}

/** One exchange as a line; opened, everything that went over the wire. */
export function RequestEntry({ request, isOpen, onToggle }: Props) {
  const words = useWords();
  const isWebhook = request.direction === 'webhook';
  const Arrow = isWebhook ? ArrowUpRight : ArrowDownLeft;
  const account = request.accountId === 'shop' ? words('shop') : request.accountId;
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={onToggle}
        className="flex w-full items-center gap-2.5 px-4 py-2 text-left hover:bg-raised"
      >
        <StatusPill request={request} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-mono text-xs">
            {request.method} {pathOf(request.url)}
          </span>
          <span className="flex items-center gap-1 text-[11px] text-muted">
            <Arrow className="size-3 shrink-0" aria-label={words(isWebhook ? 'webhooks' : 'apiCalls')} />
            <span className="truncate">{[account, timeOf(request.at)].filter(Boolean).join(' · ')}</span>
            {!request.verdict.ok && (
              <span className="truncate font-medium text-bad">· {verdictText(request, words)}</span>
            )}
          </span>
        </span>
        <span className="text-[11px] text-muted tabular-nums">{request.ms} ms</span>
        <ChevronRight
          className={`size-4 shrink-0 text-muted transition-transform ${isOpen ? 'rotate-90' : ''}`}
          aria-hidden
        />
      </button>
      {isOpen && <RequestDetail request={request} />}
    </li>
  );
}

function StatusPill({ request }: { request: RecordedRequest }) {
  const words = useWords();
  const tone = request.verdict.ok ? 'bg-good-soft text-good' : 'bg-bad-soft text-bad';
  return (
    <span
      title={request.verdict.reason}
      className={`w-11 shrink-0 rounded-md py-0.5 text-center text-xs font-semibold tabular-nums ${tone}`}
    >
      {request.status ?? <span aria-label={words('noAnswer')}>—</span>}
    </span>
  );
}

/** Tokens in paths and queries only hide what matters in a line. */
function pathOf(url: string): string {
  const { pathname } = new URL(url, location.href);
  return pathname.replace(/(bot\d+):[^/]+/, '$1:…').replace(/^\/(wechat|telegram)/, '');
}

function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB');
}
