export interface BotTexts {
  welcome: string;
  miss: string;
  unreadable: string;
  thanks: string;
  wordless: string;
  identity: string;
  clarify: string;
  person: string;
  optedOut: string;
  left: string;
  flowFailed: string;
}

const zhCN: BotTexts = {
  welcome:
    '您好，我是智能助手，随时为您解答订单、物流、退换货等问题。直接输入您的问题就可以，需要人工请回复「人工」。',
  miss: '抱歉，我没有完全理解您的意思。您可以换个说法再问一次，或者回复「人工」，我马上为您转接客服。',
  unreadable: '已收到。我暂时看不懂这类内容，请用文字描述一下您的问题，或者回复「人工」由客服为您查看。',
  thanks: '不客气！还有什么需要，随时告诉我。',
  wordless: '我在的。请把您的问题打字发给我，或者回复「人工」由客服为您服务。',
  identity: '我是智能助手，不是真人。您的问题可以直接问我，需要真人客服请回复「人工」。',
  clarify: '您是想问下面哪一个？点选或回复序号即可。',
  person: '都不是，转人工',
  optedOut: '好的，不会再给您发送推广消息。您仍然可以随时在这里咨询。',
  left: '好的，已为您取消。还有什么可以帮您？',
  flowFailed: '抱歉，现在查询不到结果。',
};
const zhTW: BotTexts = {
  welcome:
    '您好，我是智慧助理，隨時為您解答訂單、物流、退換貨等問題。直接輸入您的問題就可以，需要真人客服請回覆「人工」。',
  miss: '抱歉，我沒有完全理解您的意思。您可以換個說法再問一次，或者回覆「人工」，我馬上為您轉接客服。',
  unreadable: '已收到。我暫時看不懂這類內容，請用文字描述一下您的問題，或者回覆「人工」由客服為您查看。',
  thanks: '不客氣！還有什麼需要，隨時告訴我。',
  wordless: '我在的。請把您的問題打字傳給我，或者回覆「人工」由客服為您服務。',
  identity: '我是智慧助理，不是真人。您的問題可以直接問我，需要真人客服請回覆「人工」。',
  clarify: '您是想問下面哪一個？點選或回覆序號即可。',
  person: '都不是，轉人工',
  optedOut: '好的，不會再傳送推廣訊息給您。您仍然可以隨時在這裡諮詢。',
  left: '好的，已為您取消。還有什麼可以幫您？',
  flowFailed: '抱歉，現在查詢不到結果。',
};
const en: BotTexts = {
  welcome:
    'Hello! I am the assistant and can help with orders, delivery, returns and more. Just type your question, or write "agent" to reach a person.',
  miss: 'Sorry, I did not quite get that. Could you put it another way? Or write "agent" and I will connect you with a person.',
  unreadable:
    'Got it. I cannot read this kind of message; please describe it in words, or write "agent" and a person will have a look.',
  thanks: 'You are welcome! Tell me if there is anything else.',
  wordless: 'I am here. Please type your question, or write "agent" to reach a person.',
  identity:
    'I am an automatic assistant. Ask me anything about your order, or write "agent" to reach a person.',
  clarify: 'Which of these do you mean? Pick one, or reply with its number.',
  person: 'None of these, a person please',
  optedOut: 'All right, we will not send you promotions any more. You can still ask here at any time.',
  left: 'Done, that is cancelled. What else can I do for you?',
  flowFailed: 'Sorry, I cannot look that up right now.',
};

export const botTexts = (language: string | null): BotTexts =>
  language === 'zh-TW' ? zhTW : language === 'en' ? en : zhCN;
