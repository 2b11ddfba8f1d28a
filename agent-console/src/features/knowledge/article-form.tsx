import type { FormEvent } from 'react';
import { Field, Input, Select, Textarea } from '../../ui/field';
import { Card } from '../../ui/page';
import { Switch } from '../../ui/switch';
import type { ArticleDraft } from './draft';
import { asLanguage, languages } from './languages';
import { useWords } from './words';

interface Props {
  draft: ArticleDraft;
  readOnly: boolean;
  isNew: boolean;
  onChange: (change: Partial<ArticleDraft>) => void;
  onSubmit: () => void;
}

export function ArticleForm({ draft, readOnly, isNew, onChange, onSubmit }: Props) {
  const t = useWords();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Card title={t('article')}>
      <form id="article" onSubmit={submit} className="flex flex-col gap-4 p-4">
        <Field label={t('question.title')}>
          {(wiring) => (
            <Input
              {...wiring}
              required
              readOnly={readOnly}
              maxLength={200}
              value={draft.title}
              onChange={(event) => onChange({ title: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('variants')} hint={t('variantsHint')}>
          {(wiring) => (
            <Textarea
              {...wiring}
              readOnly={readOnly}
              rows={5}
              value={draft.variants}
              onChange={(event) => onChange({ variants: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('body')} hint={t('bodyHint')}>
          {(wiring) => (
            <Textarea
              {...wiring}
              required
              readOnly={readOnly}
              rows={9}
              maxLength={10_000}
              value={draft.body}
              onChange={(event) => onChange({ body: event.target.value })}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('language')}>
            {(wiring) => (
              <Select
                {...wiring}
                disabled={readOnly}
                value={draft.language}
                onChange={(event) => onChange({ language: asLanguage(event.target.value) })}
              >
                {languages.map((one) => (
                  <option key={one} value={one}>
                    {t(`language.${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('tags')} hint={t('tagsHint')}>
            {(wiring) => (
              <Input
                {...wiring}
                readOnly={readOnly}
                value={draft.tags}
                onChange={(event) => onChange({ tags: event.target.value })}
              />
            )}
          </Field>
        </div>
        {!isNew && !readOnly && (
          <Switch
            label={t('enabled')}
            checked={draft.enabled}
            onChange={(enabled) => onChange({ enabled })}
          />
        )}
      </form>
    </Card>
  );
}
