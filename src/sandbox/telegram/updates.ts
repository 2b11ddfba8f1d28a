import type { MediaStore } from '../media/media-store';
import { type Act, UnknownAct } from '../phones/act';
import type { Customer } from '../phones/customer';
import type { NewPhoneMessage, PhoneMessage } from '../phones/phone-message';

interface Circumstances {
  customer: Customer;
  media: MediaStore;
  bot: TelegramUser;
  now: Date;
  number: number;
}
interface TelegramUser {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
}

export interface TelegramAct {
  update: Record<string, unknown>;
  shown: NewPhoneMessage | null;
}

type Draw = Pick<NewPhoneMessage, 'kind' | 'text' | 'mediaId'>;

/** The update that Telegram sends for what a customer did. */
export function telegramAct(act: Act, circumstances: Circumstances): TelegramAct {
  const { customer, media, number } = circumstances;
  const message = (fields: Record<string, unknown>, draw: Draw): TelegramAct => ({
    update: { update_id: number, message: { ...envelope(circumstances), ...fields } },
    shown: { platformId: String(number), from: 'customer', delivery: 'sending', ...draw },
  });

  switch (act.kind) {
    case 'text':
      return message({ text: act.text, ...commandEntity(act.text) }, { kind: 'text', text: act.text });
    case 'start':
      return message({ text: '/start', ...commandEntity('/start') }, { kind: 'text', text: '/start' });
    case 'image': {
      const mediaId = media.image(act.data);
      return message(photo(mediaId, media, act.caption), { kind: 'image', text: act.caption ?? '', mediaId });
    }
    case 'voice': {
      const mediaId = media.oggVoice();
      const voice = { ...fileFields(mediaId, media), duration: 2, mime_type: 'audio/ogg' };
      return message({ voice }, { kind: 'voice', text: '', mediaId });
    }
    case 'document': {
      const mediaId = media.document();
      const document = {
        ...fileFields(mediaId, media),
        file_name: 'invoice.pdf',
        mime_type: 'application/pdf',
      };
      const fields = { document, ...(act.caption && { caption: act.caption }) };
      return message(fields, { kind: 'document', text: act.caption ?? 'invoice.pdf', mediaId });
    }
    case 'location': {
      const { latitude, longitude, label } = act;
      return message({ location: { latitude, longitude } }, { kind: 'location', text: label });
    }
    case 'edit':
      return edited(act.text, circumstances);
    case 'press':
      return pressed(act.data, circumstances);
    case 'block':
      return memberChange(circumstances, 'member', 'kicked');
    case 'unblock':
      return memberChange(circumstances, 'kicked', 'member');
    default:
      throw new UnknownAct(act.kind, 'telegram');
  }

  function memberChange(at: Circumstances, before: string, after: string): TelegramAct {
    const change = {
      chat: chatOf(customer),
      from: userOf(customer),
      date: unixSeconds(at.now),
      old_chat_member: { user: at.bot, status: before },
      new_chat_member: { user: at.bot, status: after, ...(after === 'kicked' && { until_date: 0 }) },
    };
    const text = after === 'kicked' ? 'block' : 'unblock';
    return {
      update: { update_id: number, my_chat_member: change },
      shown: { platformId: String(number), from: 'customer', kind: 'event', text, delivery: 'sending' },
    };
  }
}

function edited(text: string, { customer, number, now }: Circumstances): TelegramAct {
  const last = customer.messages.findLast((one) => one.from === 'customer' && one.kind === 'text');
  if (!last) throw new UnknownAct('edit', 'telegram without a message');
  last.text = text;
  last.isEdited = true;
  const message = {
    message_id: Number(last.platformId),
    from: userOf(customer),
    chat: chatOf(customer),
    date: unixSeconds(new Date(last.at)),
    edit_date: unixSeconds(now),
    text,
  };
  return { update: { update_id: number, edited_message: message }, shown: null };
}

function pressed(data: string, { customer, bot, number, now }: Circumstances): TelegramAct {
  const under = customer.messages.findLast((one) => one.buttons?.some((button) => button.data === data));
  const callback = {
    id: String(4_000_000_000_000_000_000n + BigInt(number)),
    from: userOf(customer),
    message: under && sentMessage(under, customer, bot, now),
    chat_instance: String(-BigInt(customer.platformId) * 1_000n),
    data,
  };
  return { update: { update_id: number, callback_query: callback }, shown: null };
}

/** A message of the bot, as the Bot API returns it. */
export function sentMessage(message: PhoneMessage, customer: Customer, bot: TelegramUser, now: Date) {
  return {
    message_id: Number(message.platformId),
    from: bot,
    chat: chatOf(customer),
    date: unixSeconds(now),
    ...(message.kind === 'text' ? { text: message.text } : message.text && { caption: message.text }),
  };
}

function envelope({ customer, number, now }: Circumstances) {
  return { message_id: number, from: userOf(customer), chat: chatOf(customer), date: unixSeconds(now) };
}

function userOf(customer: Customer) {
  const [first = customer.name, ...rest] = customer.name.split(' ');
  const languages = { 'zh-CN': 'zh-hans', 'zh-TW': 'zh-hant', en: 'en' };
  return {
    id: Number(customer.platformId),
    is_bot: false,
    first_name: first,
    ...(rest.length > 0 && { last_name: rest.join(' ') }),
    language_code: languages[customer.language],
  };
}

function chatOf(customer: Customer) {
  const { id, first_name, last_name } = userOf(customer);
  return { id, first_name, ...(last_name && { last_name }), type: 'private' };
}

function photo(mediaId: string, media: MediaStore, caption?: string) {
  const file = fileFields(mediaId, media);
  const small = { ...file, width: 90, height: 68 };
  return { photo: [small, { ...file, width: 320, height: 240 }], ...(caption && { caption }) };
}

function fileFields(mediaId: string, media: MediaStore) {
  return {
    file_id: mediaId,
    file_unique_id: mediaId.slice(0, 16),
    file_size: media.get(mediaId)?.bytes.length,
  };
}

function commandEntity(text: string) {
  const command = /^\/\w+/.exec(text)?.[0];
  return command ? { entities: [{ type: 'bot_command', offset: 0, length: command.length }] } : {};
}

const unixSeconds = (at: Date) => Math.floor(at.getTime() / 1_000);
