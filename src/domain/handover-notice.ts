export interface NoticeFacts {
  language: string | null;
  /** 1 is next. */
  position: number;
  isOpenNow: boolean;
  nextOpening: Date | null;
  timeZone: string;
}

/** What the contact is told after a handover: that a person comes, where they stand, and when. */
export function handoverNotice(facts: NoticeFacts): string {
  const { language, position, isOpenNow, nextOpening, timeZone } = facts;
  const texts = textsFor(language);
  if (!isOpenNow) return texts.closed(nextOpening && openingTime(texts.locale, nextOpening, timeZone));
  return position <= 1 ? texts.next : texts.position(position);
}

interface Texts {
  /** How times are written. */
  locale: string;
  next: string;
  position(position: number): string;
  closed(opening: string | null): string;
}

const zhCN: Texts = {
  locale: 'zh-CN',
  next: '正在为您转接人工客服，您是下一位。您可以先留言，客服会看到全部聊天内容。',
  position: (position) =>
    `正在为您转接人工客服，您前面还有 ${position - 1} 位。您可以先留言，客服会看到全部聊天内容。`,
  closed: (opening) =>
    `现在不在人工服务时间${opening ? `，客服将于 ${opening} 上线` : ''}。您可以先留言，我们上班后会第一时间回复。`,
};
const zhTW: Texts = {
  locale: 'zh-TW',
  next: '正在為您轉接真人客服，您是下一位。您可以先留言，客服會看到全部對話內容。',
  position: (position) =>
    `正在為您轉接真人客服，您前面還有 ${position - 1} 位。您可以先留言，客服會看到全部對話內容。`,
  closed: (opening) =>
    `現在不在真人服務時間${opening ? `，客服將於 ${opening} 上線` : ''}。您可以先留言，我們上班後會第一時間回覆。`,
};
const en: Texts = {
  locale: 'en',
  next: 'I am connecting you with a colleague; you are next in line. You can keep writing, they will see the whole conversation.',
  position: (position) =>
    `I am connecting you with a colleague; there ${position === 2 ? 'is 1 person' : `are ${position - 1} people`} before you. You can keep writing, they will see the whole conversation.`,
  closed: (opening) =>
    `Our team is not at work right now${opening ? `; we are back on ${opening}` : ''}. Leave a message here and we will answer first thing.`,
};

function textsFor(language: string | null): Texts {
  if (/^zh[-_](TW|HK|MO|Hant)/i.test(language ?? '')) return zhTW;
  return language === null || language.startsWith('zh') ? zhCN : en;
}

function openingTime(locale: string, opening: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return format.format(opening);
}
