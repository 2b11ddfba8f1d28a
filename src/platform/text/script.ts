export type Script = 'han' | 'latin' | 'other';

const han = /\p{Script=Han}/gu;
const latin = /\p{Script=Latin}/gu;

/** Which script a message is written in: enough to tell the languages we answer in. */
export function scriptOf(text: string): Script {
  const [hanCount, latinCount] = [text.match(han)?.length ?? 0, text.match(latin)?.length ?? 0];
  if (hanCount === 0 && latinCount === 0) return 'other';
  // One Han character says about as much as three Latin letters.
  return hanCount * 3 >= latinCount ? 'han' : 'latin';
}
