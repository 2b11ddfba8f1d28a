import { wordsOf } from '../../../lib/words/i18n';
import zhCN from './zh-CN.json';

export const { useWords } = wordsOf('dead-letters', zhCN);
