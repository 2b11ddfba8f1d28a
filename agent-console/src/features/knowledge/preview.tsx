import { Card } from '../../ui/page';
import type { ArticleDraft } from './draft';
import { useWords } from './words';

/** The question and its answer as two bubbles: channels show plain text, so nothing is formatted. */
export function Preview({ draft: { title, body } }: { draft: ArticleDraft }) {
  const t = useWords();
  return (
    <Card title={t('preview')}>
      <div className="flex flex-col gap-3 bg-page p-4">
        {title.trim() && (
          <p className="max-w-[85%] self-end rounded-2xl rounded-br-md bg-accent px-3.5 py-2 break-words text-on-accent">
            {title}
          </p>
        )}
        {body.trim() ? (
          <p className="max-w-[85%] self-start rounded-2xl rounded-bl-md border border-line bg-panel px-3.5 py-2 break-words whitespace-pre-line shadow-card">
            {body.trim()}
          </p>
        ) : (
          <p className="text-[13px] text-muted">{t('previewEmpty')}</p>
        )}
      </div>
    </Card>
  );
}
