import { wordsOf } from '../../lib/words/i18n';
import zhCN from './zh-CN.json';

/** Words that all screens share: buttons, states of things, channels, roles. */
export const { useWords: useUiWords, say: sayUi } = wordsOf('ui', zhCN);
