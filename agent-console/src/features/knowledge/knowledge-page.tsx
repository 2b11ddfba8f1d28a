import { Link } from '@tanstack/react-router';
import { FlaskConical, Plus } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../lib/session';
import { useUrlFilters } from '../../lib/use-url-filters';
import { Button } from '../../ui/button';
import { Drawer } from '../../ui/drawer';
import { Select } from '../../ui/field';
import { Card, Page } from '../../ui/page';
import { TypedSearch } from '../../ui/typed-search';
import { ArticleList } from './article-list';
import { asLanguage, languages } from './languages';
import { TryQuestion } from './try-question';
import { useWords } from './words';

/** The articles, and beside them what the bot would do with a question. */
export function KnowledgePage() {
  const t = useWords();
  const mayEdit = useMay('supervisor');
  const [{ q, ...filters }, change] = useUrlFilters();
  const language = asLanguage(filters['language']);
  const [trying, setTrying] = useState(false);
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <TypedSearch label={t('search')} given={q} onRest={(next) => change({ q: next || undefined })} />
          <Select
            aria-label={t('language')}
            value={language ?? ''}
            onChange={(event) => change({ language: event.target.value })}
            className="w-auto!"
          >
            <option value="">{t('allLanguages')}</option>
            {languages.map((one) => (
              <option key={one} value={one}>
                {t(`language.${one}`)}
              </option>
            ))}
          </Select>
          <Button
            className="xl:hidden"
            onClick={() => setTrying(true)}
            icon={<FlaskConical className="size-4" aria-hidden />}
          >
            {t('try')}
          </Button>
          {mayEdit && <NewLink />}
        </>
      }
    >
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-3">
          <ArticleList q={q} language={language} onClear={() => change({ q: undefined })} />
        </div>
        <div className="sticky top-0 hidden xl:block">
          <Card title={t('try')}>
            <TryQuestion />
          </Card>
        </div>
      </div>
      <Drawer open={trying} onOpenChange={setTrying} title={t('try')}>
        <TryQuestion />
      </Drawer>
    </Page>
  );
}

function NewLink() {
  const t = useWords();
  return (
    <Link
      to="/knowledge/$articleId"
      params={{ articleId: 'new' }}
      className="inline-flex h-9 items-center gap-1.5 rounded-lg bg-accent px-3.5 font-medium whitespace-nowrap text-on-accent shadow-card hover:bg-accent-strong"
    >
      <Plus className="size-4" aria-hidden /> {t('new')}
    </Link>
  );
}
