import { toSimplified } from './chinese';

/** One form for text that is compared: width, case, script. */
export const normalise = (text: string): string => toSimplified(text.normalize('NFKC').toLowerCase());

const hanRun = /\p{Script=Han}+/gu;
const word = /[\p{L}\p{N}]+/gu;

export const hanRuns = (text: string): string[] => text.match(hanRun) ?? [];
/** Words of every other script. */
export const otherWords = (text: string): string[] => text.replace(hanRun, ' ').match(word) ?? [];
