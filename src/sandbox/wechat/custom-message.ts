import { z } from 'zod';
import type { NewPhoneMessage } from '../phones/phone-message';
import type { WechatErrorCode } from './error-codes';

const MAX_TEXT_BYTES = 2_048;

const byMediaId = z.object({ media_id: z.string() });
const article = z.object({
  title: z.string(),
  description: z.string().default(''),
  url: z.string(),
  picurl: z.string().optional(),
});
const menu = z.object({
  head_content: z.string().default(''),
  list: z.array(z.object({ id: z.union([z.string(), z.number()]), content: z.string() })).min(1),
  tail_content: z.string().default(''),
});
export const customMessage = z.discriminatedUnion('msgtype', [
  z.object({ msgtype: z.literal('text'), text: z.object({ content: z.string() }) }),
  z.object({ msgtype: z.literal('image'), image: byMediaId }),
  z.object({ msgtype: z.literal('voice'), voice: byMediaId }),
  z.object({ msgtype: z.literal('video'), video: byMediaId.extend({ title: z.string().optional() }) }),
  z.object({ msgtype: z.literal('news'), news: z.object({ articles: z.array(article).length(1) }) }),
  z.object({ msgtype: z.literal('msgmenu'), msgmenu: menu }),
]);
export type CustomMessage = z.infer<typeof customMessage>;

/** The first of WeChat's rules that the message breaks. */
export function contentProblem(message: CustomMessage): WechatErrorCode | null {
  if (message.msgtype !== 'text') return null;
  if (message.text.content === '') return 44004;
  return Buffer.byteLength(message.text.content) > MAX_TEXT_BYTES ? 45002 : null;
}

export function mediaIdOf(message: CustomMessage): string | null {
  if (message.msgtype === 'image') return message.image.media_id;
  if (message.msgtype === 'voice') return message.voice.media_id;
  return message.msgtype === 'video' ? message.video.media_id : null;
}

/** How the phone shows it. */
export function shownMessage(message: CustomMessage, platformId: string): NewPhoneMessage {
  const base = { platformId, from: 'account' } as const;
  switch (message.msgtype) {
    case 'text':
      return { ...base, kind: 'text', text: message.text.content };
    case 'image':
    case 'voice':
    case 'video':
      return { ...base, kind: message.msgtype, text: '', mediaId: mediaIdOf(message) ?? undefined };
    case 'news': {
      const [{ title, url } = { title: '', url: '' }] = message.news.articles;
      return { ...base, kind: 'link', text: title, url };
    }
    case 'msgmenu': {
      const { head_content, list, tail_content } = message.msgmenu;
      const text = [head_content, tail_content].filter(Boolean).join('\n');
      const buttons = list.map((item) => ({ label: item.content, data: String(item.id) }));
      return { ...base, kind: 'text', text, buttons };
    }
  }
}
