const zhCN = {
  title: '在线客服',
  online: '我们在线，通常几秒内回复',
  connecting: '正在连接…',
  offline: '网络已断开，消息会在恢复后发送',
  refused: '暂时无法连接，请刷新页面重试',
  placeholder: '输入消息…',
  send: '发送',
  attach: '发送文件',
  close: '关闭',
  you: '我',
  bot: '智能助手',
  agent: '客服',
  system: '系统',
  typing: '对方正在输入',
  failed: '未发送',
  retry: '重试',
  sending: '发送中',
  tooLarge: '文件太大，最多 10 MB',
  badFile: '这种文件不能发送',
  notUploaded: '文件没有传上去，请再试一次',
  empty: '您好！有什么可以帮您？',
  log: '聊天记录',
  download: '下载',
};
export type Texts = typeof zhCN;

const zhTW: Texts = {
  title: '線上客服',
  online: '我們在線上，通常幾秒內回覆',
  connecting: '連線中…',
  offline: '網路已中斷，訊息會在恢復後送出',
  refused: '暫時無法連線，請重新整理頁面',
  placeholder: '輸入訊息…',
  send: '送出',
  attach: '傳送檔案',
  close: '關閉',
  you: '我',
  bot: '智慧助理',
  agent: '客服',
  system: '系統',
  typing: '對方正在輸入',
  failed: '未送出',
  retry: '重試',
  sending: '傳送中',
  tooLarge: '檔案太大，最多 10 MB',
  badFile: '無法傳送這種檔案',
  notUploaded: '檔案沒有上傳成功，請再試一次',
  empty: '您好！有什麼可以幫您？',
  log: '聊天記錄',
  download: '下載',
};

const en: Texts = {
  title: 'Chat with us',
  online: 'We are here and usually answer in seconds',
  connecting: 'Connecting…',
  offline: 'You are offline. Messages go out when you are back',
  refused: 'We cannot connect. Please reload the page',
  placeholder: 'Write a message…',
  send: 'Send',
  attach: 'Send a file',
  close: 'Close',
  you: 'You',
  bot: 'Assistant',
  agent: 'Agent',
  system: 'System',
  typing: 'is typing',
  failed: 'Not sent',
  retry: 'Try again',
  sending: 'Sending',
  tooLarge: 'The file is too large (10 MB at most)',
  badFile: 'This kind of file cannot be sent',
  notUploaded: 'The file was not uploaded. Please try again',
  empty: 'Hello! How can we help?',
  log: 'Conversation',
  download: 'Download',
};

/** `zh-Hant`, `zh-TW` and `zh-HK` read traditional script; any other Chinese simplified; the rest English. */
export function languageOf(tag: string): 'zh-CN' | 'zh-TW' | 'en' {
  const lower = tag.toLowerCase();
  if (!lower.startsWith('zh')) return 'en';
  return /hant|tw|hk|mo/.test(lower) ? 'zh-TW' : 'zh-CN';
}

export const textsOf = (tag: string): Texts => ({ 'zh-CN': zhCN, 'zh-TW': zhTW, en })[languageOf(tag)];
