import { Copy } from 'lucide-react';
import { IconButton } from '../../ui/icon-button';
import { toast } from '../../ui/toast';
import { useWords } from './words';

export function WebhookAddress({ url }: { url: string }) {
  const t = useWords();
  const copy = () =>
    void writeToClipboard(url).then(
      () => toast({ text: t('copied') }),
      () => toast({ text: t('copyFailed'), tone: 'error' }),
    );
  return (
    <div>
      <p className="mb-1 text-xs text-muted">
        {t('webhook')} · {t('webhookHint')}
      </p>
      <div className="flex items-center gap-1 rounded-lg border border-line bg-raised pl-3">
        <code className="min-w-0 flex-1 py-1.5 font-mono text-xs break-all select-all">{url}</code>
        <IconButton
          label={`${t('copy')}: ${url}`}
          icon={<Copy className="size-4" aria-hidden />}
          onClick={copy}
        />
      </div>
    </div>
  );
}

/** The clipboard is there only on https and localhost. */
async function writeToClipboard(text: string): Promise<void> {
  const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
  if (!clipboard) throw new Error('no clipboard');
  await clipboard.writeText(text);
}
