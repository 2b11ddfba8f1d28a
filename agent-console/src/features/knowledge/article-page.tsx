import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import type { ArticleView } from '../../../../src/contract/knowledge';
import { call } from '../../lib/api';
import { usePreferences } from '../../lib/preferences';
import { useMay } from '../../lib/session';
import { fullTime } from '../../lib/time';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Loaded } from '../../ui/loaded';
import { Card } from '../../ui/page';
import { useSaving } from '../../ui/saving/use-saving';
import { ForbiddenState } from '../../ui/states';
import { ArticleForm } from './article-form';
import { type ArticleDraft, asDraft, asText, emptyDraft } from './draft';
import { Preview } from './preview';
import { TryQuestion } from './try-question';
import { useWords } from './words';

/** One article to read or edit; `new` is one that is not written yet. */
export function ArticlePage() {
  const { articleId } = useParams({ from: '/shell/knowledge/$articleId' });
  return articleId === 'new' ? <NewArticle /> : <KnownArticle key={articleId} id={articleId} />;
}

function NewArticle() {
  const mayEdit = useMay('supervisor');
  const language = usePreferences((preferences) => preferences.language);
  return mayEdit ? <Editor draft={emptyDraft(language)} /> : <ForbiddenState />;
}

function KnownArticle({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['articles', id],
    queryFn: ({ signal }) => call('GET /articles/:id', { params: { id }, signal }),
  });
  return (
    <Loaded query={query} lines={6}>
      {(article) => <Editor key={article.version} article={article} draft={asDraft(article)} />}
    </Loaded>
  );
}

function Editor({ article, draft: given }: { article?: ArticleView; draft: ArticleDraft }) {
  const t = useWords();
  const navigate = useNavigate();
  const mayEdit = useMay('supervisor');
  const [draft, setDraft] = useState(given);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(given);
  const { mutate, isPending } = useSaving({
    save: () => write(draft, article),
    stale: ['articles'],
    onSaved: ({ id }) =>
      void (article ?? navigate({ to: '/knowledge/$articleId', params: { articleId: id }, replace: true })),
  });
  return (
    <main className="flex h-full min-w-0 flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-panel px-4 py-3 md:px-6">
        <div className="mr-auto min-w-0">
          <Link
            to="/knowledge"
            className="-ml-1 inline-flex items-center gap-1 rounded-md px-1 text-[13px] text-muted hover:text-ink"
          >
            <ArrowLeft className="size-4" aria-hidden /> {t('back')}
          </Link>
          <h1 className="text-lg font-semibold break-words">{article ? article.title : t('newTitle')}</h1>
        </div>
        {mayEdit && (
          <div className="flex flex-wrap items-center gap-2">
            {isChanged && <Badge tone="warn">{t('unsaved')}</Badge>}
            <Button disabled={!isChanged} onClick={() => setDraft(given)}>
              {t('discard')}
            </Button>
            <Button tone="primary" type="submit" form="article" disabled={!isChanged} busy={isPending}>
              {t('save')}
            </Button>
          </div>
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4 md:p-6">
        <Notes article={article} mayEdit={mayEdit} />
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
          <ArticleForm
            draft={draft}
            readOnly={!mayEdit}
            isNew={!article}
            onChange={(change) => setDraft((now) => ({ ...now, ...change }))}
            onSubmit={() => mutate(undefined)}
          />
          <div className="flex min-w-0 flex-col gap-4">
            <Preview draft={draft} />
            <Card title={t('try')}>
              <TryQuestion />
            </Card>
          </div>
        </div>
      </div>
    </main>
  );
}

function Notes({ article, mayEdit }: { article?: ArticleView; mayEdit: boolean }) {
  const t = useWords();
  const notes = [
    !mayEdit && t('readOnly'),
    article && t('updatedAt', { time: fullTime(article.updatedAt) }),
    article?.sourceFile && t('fromFile', { file: article.sourceFile }),
  ].filter(Boolean);
  return notes.length > 0 && <p className="mb-4 text-[13px] break-words text-muted">{notes.join(' · ')}</p>;
}

/** @throws ApiError 409 when someone else changed it since it was read. */
function write(draft: ArticleDraft, article?: ArticleView): Promise<ArticleView> {
  const text = asText(draft);
  if (!article) return call('POST /articles', { body: text });
  const { id, version } = article;
  return call('PATCH /articles/:id', {
    params: { id },
    body: { ...text, enabled: draft.enabled, version },
  });
}
