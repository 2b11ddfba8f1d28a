import type { ArticleView } from '../../../../src/contract/knowledge';
import { asLines, asWords, fromWords } from '../../lib/word-list';

/** An article as it stands in the form. */
export interface ArticleDraft {
  title: string;
  variants: string;
  language: ArticleView['language'];
  tags: string;
  body: string;
  enabled: boolean;
}

export const emptyDraft = (language: ArticleView['language']): ArticleDraft => ({
  title: '',
  variants: '',
  language,
  tags: '',
  body: '',
  enabled: true,
});

export const asDraft = ({ title, variants, language, tags, body, enabled }: ArticleView): ArticleDraft => ({
  title,
  variants: variants.join('\n'),
  language,
  tags: fromWords(tags),
  body,
  enabled,
});

export const asText = ({ title, variants, language, tags, body }: ArticleDraft) => ({
  title: title.trim(),
  variants: asLines(variants),
  language,
  tags: asWords(tags),
  body: body.trim(),
});
