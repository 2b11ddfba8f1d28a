import type { ArticleView } from '../../../../src/contract/knowledge';

export const languages = ['zh-CN', 'zh-TW', 'en'] as const satisfies readonly ArticleView['language'][];
export const asLanguage = (value: string | undefined): ArticleView['language'] | undefined =>
  languages.find((language) => language === value);

export const asPercent = (share: number): string => `${Math.round(share * 100)}%`;
