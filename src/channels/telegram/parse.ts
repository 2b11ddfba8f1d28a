import type { Update, TelegramFile, TelegramMessage, TelegramUser } from './update';

/** What an update means, before any file is fetched. */
export type Parsed =
  | { kind: 'message'; id: string; chatId: number; from: TelegramUser; sentAt: Date | null; body: Body }
  | { kind: 'edit'; id: string; chatId: number; from: TelegramUser; editedId: string; text: string }
  | {
      kind: 'press';
      id: string;
      chatId: number;
      from: TelegramUser;
      data: string;
      label: string;
    }
  | { kind: 'started'; id: string; chatId: number; from: TelegramUser; source: string | null }
  | { kind: 'blocked'; id: string; chatId: number; from: TelegramUser };

export type Body =
  | { type: 'text'; text: string }
  | { type: 'image' | 'audio' | 'video' | 'file'; file: TelegramFile; caption: string | null }
  | { type: 'location'; latitude: number; longitude: number; title: string | null }
  | { type: 'unsupported'; platformType: string };

/** Null: nothing for us (groups, channels, other kinds). Dedupes by update id; edits find their message by its own. */
export function parseUpdate(update: Update): Parsed | null {
  const id = `u${update.update_id}`;
  if (update.message) return parseMessage(id, update.message);
  if (update.edited_message) return parseEdit(id, update.edited_message);
  if (update.callback_query) return parsePress(id, update.callback_query);
  if (update.my_chat_member) return parseMembership(id, update.my_chat_member);
  return null;
}

/** The external id of a message: unique in the bot, and what an edit names. */
export const messageIdOf = (chatId: number, messageId: number): string => `${chatId}:${messageId}`;

function parseMessage(updateId: string, message: TelegramMessage): Parsed | null {
  const { chat, from, text } = message;
  if (chat.type !== 'private' || !from || from.is_bot) return null;
  const start = /^\/start(?:\s+(.*))?$/.exec(text ?? '');
  if (start) return { kind: 'started', id: updateId, chatId: chat.id, from, source: start[1] ?? null };
  const sentAt = message.date ? new Date(message.date * 1_000) : null;
  return {
    kind: 'message',
    id: messageIdOf(chat.id, message.message_id),
    chatId: chat.id,
    from,
    sentAt,
    body: bodyOf(message),
  };
}

function parseEdit(id: string, { chat, from, message_id, text, caption }: TelegramMessage): Parsed | null {
  if (chat.type !== 'private' || !from) return null;
  return {
    kind: 'edit',
    id,
    chatId: chat.id,
    from,
    editedId: messageIdOf(chat.id, message_id),
    text: text ?? caption ?? '',
  };
}

function parsePress(id: string, query: NonNullable<Update['callback_query']>): Parsed | null {
  const chat = query.message?.chat;
  if (!chat || chat.type !== 'private' || query.data === undefined) return null;
  const buttons = query.message?.reply_markup?.inline_keyboard.flat() ?? [];
  const label = buttons.find((button) => button.callback_data === query.data)?.text ?? query.data;
  return { kind: 'press', id, chatId: chat.id, from: query.from, data: query.data, label };
}

function parseMembership(
  id: string,
  { chat, from, new_chat_member }: NonNullable<Update['my_chat_member']>,
): Parsed | null {
  if (chat.type !== 'private') return null;
  if (new_chat_member.status === 'kicked') return { kind: 'blocked', id, chatId: chat.id, from };
  return null;
}

function bodyOf(message: TelegramMessage): Body {
  const caption = message.caption ?? null;
  const { text, location, venue, contact, sticker } = message;
  if (text !== undefined) return { type: 'text', text };
  if (venue) return { type: 'location', ...venue.location, title: `${venue.title} ${venue.address}`.trim() };
  if (location)
    return { type: 'location', latitude: location.latitude, longitude: location.longitude, title: null };
  if (contact) return { type: 'text', text: `${contact.first_name} ${contact.phone_number}` };
  if (sticker) return { type: 'unsupported', platformType: `sticker ${sticker.emoji ?? ''}`.trim() };
  return fileOf(message, caption) ?? { type: 'unsupported', platformType: 'message' };
}

function fileOf(message: TelegramMessage, caption: string | null): Body | null {
  const photo = message.photo?.at(-1);
  if (photo) return { type: 'image', file: { ...photo, file_name: 'photo.jpg' }, caption };
  const { voice, audio, video, video_note, animation, document } = message;
  if (voice ?? audio) return { type: 'audio', file: (voice ?? audio) as TelegramFile, caption };
  if (video ?? video_note ?? animation)
    return { type: 'video', file: (video ?? video_note ?? animation) as TelegramFile, caption };
  return document ? { type: 'file', file: document, caption } : null;
}
