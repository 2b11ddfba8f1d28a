import { Check, Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useWords } from '../i18n/use-words';
import { useSandbox } from '../state/store';
import type { RecordedRequest } from '../state/types';
import { Button } from '../ui/button';
import { asCurl } from './as-curl';
import { readableBody } from './readable-body';
import { verdictText } from './verdict-text';

const COPIED_MS = 1_500;

export function RequestDetail({ request }: { request: RecordedRequest }) {
  const words = useWords();
  return (
    <div className="flex flex-col gap-3 bg-raised px-4 py-3 text-xs">
      <div className="flex items-start justify-between gap-3">
        <p
          className={`min-w-0 pt-1 font-medium break-words ${request.verdict.ok ? 'text-good' : 'text-bad'}`}
        >
          {verdictText(request, words)}
        </p>
        <CopyAsCurl request={request} />
      </div>
      <Wire>{request.url}</Wire>
      <Part title={words('headers')}>
        <Headers headers={request.headers} />
      </Part>
      <Part title={words('body')}>
        <Wire>{readableBody(request.body) || words('empty')}</Wire>
      </Part>
      <Part title={`${words('answer')} ${request.status ?? words('noAnswer')}`}>
        <Wire>{readableBody(request.response) || words('empty')}</Wire>
      </Part>
    </div>
  );
}

function CopyAsCurl({ request }: { request: RecordedRequest }) {
  const words = useWords();
  const url = useSandbox((state) => state.url);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(asCurl(request, url));
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  const Icon = isCopied ? Check : Copy;
  return (
    <Button size="small" onClick={() => void copy()}>
      <Icon className="size-3.5" aria-hidden />
      {words(isCopied ? 'copied' : 'copyCurl')}
    </Button>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <h3 className="text-[11px] font-medium text-muted">{title}</h3>
      {children}
    </div>
  );
}

function Headers({ headers }: { headers: Record<string, string> }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 font-mono text-[11px]">
      {Object.entries(headers).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="break-all">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Wire({ children }: { children: ReactNode }) {
  return (
    <pre
      tabIndex={0}
      className="max-h-64 overflow-auto rounded-md border border-line bg-panel p-2 font-mono text-[11px] leading-relaxed break-all whitespace-pre-wrap"
    >
      {children}
    </pre>
  );
}
