/** What a message asks of us apart from its topic, in Chinese of both scripts and English. Texts come in simplified. */

const person =
  /转?人工|真人|(找|要|叫|换|转接?|联系)(个|一个|一下|你们的?)?(客服|专员|经理|活人)|^客服$|(talk|speak|chat|connect|transfer|get)\b.{0,20}\b(human|person|agent|someone|representative|operator|staff)|^(human|agent|operator|representative|real person)[.!? ]*$|(human|live|real) (agent|person|being|support)|customer (service|support) (agent|rep)/i;
const notAPerson = /人工智能|人工草坪|人工费|real estate agent|travel agent|不(要|用|想).{0,3}人工/i;

/** 转人工, 人工客服, talk to a human … but not 人工智能. */
export const asksForPerson = (text: string): boolean => person.test(text) && !notAPerson.test(text);

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
  /^(你好|您好|哈喽|嗨|在吗|在么|有人吗|hi|hello|hey|good (morning|afternoon|evening))[呀啊哦~～.。!！?？ ]*$/i;
export const greets = (text: string): boolean => hello.test(text.trim());

/** The number with which someone picks a line of a list: `2`, `２`, `第二个`. Null: none. */
export function picksNumber(text: string): number | null {
  const plain = text.trim().normalize('NFKC');
  const digits = /^(?:no\.? ?|#|第)?([1-9])(?:个|条|项)?[.。)]?$/i.exec(plain)?.[1];
  if (digits) return Number(digits);
  const han = /^第?([一二三四五])(?:个|条|项)$/.exec(plain)?.[1];
  return han ? '一二三四五'.indexOf(han) + 1 : null;
}
