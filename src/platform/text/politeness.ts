/** Greetings before a question and thanks after it: they say nothing about its topic. Texts come normalised. */
const before =
  /^(?:(?:你好|您好|哈喽|嗨|在吗|在么|有人吗|亲|请问一下|请问|麻烦问一下|麻烦问下|想问一下|想问下|问一下|我想问一下|我想问|打扰一下|打扰了|不好意思|客服|hi|hello|hey|good (?:morning|afternoon|evening)|excuse me|sorry|there|team|quick question|i have a question|i was wondering|could you (?:please )?tell me|can you (?:please )?tell me|please)(?![a-z])[呀啊哦呢~～,，.。!！?？:：、 ]*)+/;
const after =
  /[,，.。!！?？~～、 ]*(?:(?:谢谢|多谢|感谢|麻烦了|辛苦了|拜托了|thank you|thanks|thx|cheers|please)(?:你|您|啦|了|哈| so much| very much| a lot| in advance)*[,，.。!！~～ ]*)+$/;

/** The question itself; a text that is nothing but politeness stays as it is. */
export function withoutPoliteness(text: string): string {
  const bare = text.trim().replace(before, '').replace(after, '').trim();
  return bare === '' ? text : bare;
}
