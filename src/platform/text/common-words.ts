/** Words that stand in questions about anything: they say how something is asked, not what about. */
const english =
  'a an the i you he she it we they me my your our us is are am be was were do does did can could will would shall should ' +
  'may might have has had to of in on at for from by with and or not no any some this that these those there here what ' +
  'when where who which how why if so just tell please want need get give go make let know about there time';
const chinese =
  '我 你 您 他 她 它 我们 你们 的 了 吗 呢 吧 啊 么 嘛 呀 是 在 有 没 没有 不 也 都 就 还 再 又 很 太 会 能 可以 可 要 想 让 给 把 被 跟 和 与 ' +
  '请问 请 怎么 怎样 如何 什么 为什么 哪 哪里 哪儿 哪个 多少 多 几 一 一个 一下 个 这 那 这个 那个 这款 里 上 下 到 去 来 着 过 得 地 得到 帮 帮我 说 问 ' +
  '现在 今天 明天 昨天 时候 时间 一般 大概 一直 已经';

const words = new Set([...english.split(' '), ...chinese.split(' ')]);

export const isCommonWord = (word: string): boolean => words.has(word);
