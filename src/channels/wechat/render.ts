import { splitText } from '../host/limits';
import { limits } from './definition';

type Payload = Record<string, unknown>;

/** Our messages as bodies of `custom/send`, without the recipient. One message may need several. */
export function renderMessage(type: string, payload: Payload): object[] {
  switch (type) {
    case 'text':
      return splitText(String(payload['text']), limits.text).map(textBody);
    case 'choice':
      return menuBodies(payload as unknown as Menu);
    case 'link':
      return [textBody(`${String(payload['title'])}\n${String(payload['url'])}`)];
    case 'location':
      return [
        textBody(
          `${String(payload['title'] ?? '')} ${String(payload['latitude'])},${String(payload['longitude'])}`.trim(),
        ),
      ];
    default:
      return [];
  }
}

const textBody = (content: string) => ({ msgtype: 'text', text: { content } });

interface Menu {
  text: string;
  options: { label: string; value: string }[];
}

/** A text that is too long for a menu's head goes before it. */
function menuBodies({ text, options }: Menu): object[] {
  const texts = splitText(text, limits.text);
  return [...texts.slice(0, -1).map(textBody), menuBody({ text: texts.at(-1) ?? '', options })];
}

/** The answer comes back as text with the id of the line that was pressed. */
const menuBody = ({ text, options }: Menu) => ({
  msgtype: 'msgmenu',
  msgmenu: {
    head_content: text,
    list: options.map(({ label, value }) => ({ id: value, content: label })),
    tail_content: '',
  },
});
