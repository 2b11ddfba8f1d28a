/** What a message asks of us apart from its topic, in Chinese of both scripts and English. Texts come in simplified. */

const person =
  /转?人工|真人|(找|要|叫|换|转接?|联系)(个|一个|一下|你们的?)?(客服|专员|经理|活人)|^客服$|(talk|speak|chat|connect|transfer|get)\b.{0,20}\b(human|person|agent|someone|representative|operator|staff)|^(human|agent|operator|representative|real person)[.!? ]*$|(human|live|real) (agent|person|being|support)|\b(want|need) (a |an )?(human|person|agent|representative|operator)\b|customer (service|support) (agent|rep)/i;
const notAPerson =
  /人工智能|人工草坪|人工费|real estate agent|travel agent|不(要|用|想|需要).{0,3}人工|人工(客服)?.{0,6}(几点|上班|下班|工作时间|营业时间|热线)|don'?t (want|need) (a |an )?(human|person|agent)/i;

/** 转人工, 人工客服, talk to a human … but not 人工智能. */
export const asksForPerson = (text: string): boolean =>
  person.test(text) && !notAPerson.test(text) && !identity.test(text.trim());

const complaint =
  /投诉|12315|曝光你们|举报你们|骗子|欺诈|起诉|律师函|消协|lawyer|lawsuit|\bsue\b|\bscam|fraud|file a complaint|make a complaint/i;
export const complains = (text: string): boolean => complaint.test(text);

const stop = /^(stop|unsubscribe|td|t|退订|停止|取消订阅)[.。!！ ]*$/i;
/** The words that networks oblige us to obey. */
export const optsOut = (text: string): boolean => stop.test(text.trim());

const leave = /^(取消|退出|算了|不用了|返回|停下|cancel|quit|exit|never ?mind|stop it)[.。!！ ]*$/i;
/** Leaves a flow. */
export const leaves = (text: string): boolean => leave.test(text.trim());

const hello =
  /^(你好|您好|大家好|哈喽|嗨|早|早上好|下午好|晚上好|在|在吗|在么|在不在|有人吗|有人在吗|亲|hi|hello|hey|hiya|good (?:morning|afternoon|evening)|there|anyone (?:there|here)|[呀啊哦噢呢哈~～,，.。!！?？、 ])+$/i;
/** A greeting, or several in a row: 你好，在吗？ */
export const greets = (text: string): boolean => /[\p{L}]/u.test(text) && hello.test(text.trim());

const thanks =
  /^(?:(?:好的?|嗯|哦|行|可以|ok(?:ay)?|great|perfect|cool|got it|知道了|明白了?|了解|收到)[,，.。!！~～ 了啦]*)*(?:(?:非常|太)?(?:感谢|谢谢|谢啦|多谢|谢了|3q|thx)(?:你|您|啦|了|哈)*|thanks?(?: you)?(?: so much| very much| a lot)?|thx|ty|cheers|bye(?: ?bye)?|goodbye|再见|拜拜|没事了|没有了|不用了谢谢)?[,，.。!！~～\p{Extended_Pictographic}\ufe0f ]*$/iu;
/** Only signs and pictures: something is meant, nothing is asked. */
const wordless = /^[^\p{L}\p{N}]+$/u;

const identity =
  /^(?:你|您|这)?(?:是|到底是|该不会是)(?:不是)?(?:机器人|真人|人工|ai|智能客服|机器)(?:吗|么|吧|还是.*)?[?？。!！ ]*$|^are you (?:a |an )?(?:real |human |live )?(?:robot|bot|ai|human|person|machine|agent)(?: or .*)?[?.! ]*$/i;

/** Thanks, a farewell, an "ok", nothing that has words, or whether we are a machine. Null: it says something else. */
export function smallTalk(text: string): 'thanks' | 'wordless' | 'identity' | null {
  const plain = text.trim();
  if (identity.test(plain)) return 'identity';
  if (plain === '') return null;
  if (wordless.test(plain)) return 'wordless';
  return thanks.test(plain) ? 'thanks' : null;
}

/** The number with which someone picks a line of a list: `2`, `２`, `第二个`. Null: none. */
export function picksNumber(text: string): number | null {
  const plain = text.trim().normalize('NFKC');
  const digits = /^(?:no\.? ?|#|第)?([1-9])(?:个|条|项)?[.。)]?$/i.exec(plain)?.[1];
  if (digits) return Number(digits);
  const han = /^第?([一二三四五])(?:个|条|项)$/.exec(plain)?.[1];
  return han ? '一二三四五'.indexOf(han) + 1 : null;
}
