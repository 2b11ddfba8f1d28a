import { Integration } from '@botpress/sdk';
import { FormData } from 'undici';
import type { ChoiceOption } from '../../domain/content';
import { equalSecrets } from '../../platform/secrets';
import { badSignature, failure, malformed } from '../host/failures';
import { parseJsonObject } from '../host/json';
import { splitText, textsAfter } from '../host/limits';
import { readOwnFile, type FileReader } from '../host/own-file';
import { sendParts } from '../host/send-parts';
import { callTelegram } from './api';
import { limits, type TelegramConfiguration } from './definition';
import { parseUpdate, type Body, type Parsed } from './parse';
import { allowedUpdates, updateSchema, type TelegramUser } from './update';

/** The parts of the SDK's client that this channel uses. */
export interface Client extends FileReader {
  getOrCreateConversation(of: {
    channel: 'channel';
    tags: Record<string, string>;
  }): Promise<{ conversation: { id: string } }>;
  getOrCreateUser(of: { tags: Record<string, string>; name?: string }): Promise<{ user: { id: string } }>;
  createMessage(message: object): Promise<unknown>;
  createEvent(event: object): Promise<unknown>;
  uploadFile(file: {
    key: string;
    url: string;
  }): Promise<{ file: { url: string; contentType: string; size: number; kind: string } }>;
}
interface Props {
  ctx: { configuration: TelegramConfiguration };
  client: Client;
}
interface SendProps extends Props {
  payload: Record<string, unknown>;
  conversation: { tags: Record<string, string> };
  ack(of: { tags: Record<string, string> }): Promise<unknown>;
}

export const integration = new Integration({
  register: async (props: unknown) => register(props as Props & { webhookUrl: string }),
  unregister: async () => undefined,
  handler: async (props: unknown) => receive(props as Props & { req: Received }),
  channels: {
    channel: {
      messages: {
        text: (props: unknown) => sendText(props as SendProps),
        choice: (props: unknown) => sendChoice(props as SendProps),
        location: (props: unknown) => sendLocation(props as SendProps),
        link: (props: unknown) => sendLink(props as SendProps),
        image: (props: unknown) => sendMedia('image')(props),
        audio: (props: unknown) => sendMedia('audio')(props),
        video: (props: unknown) => sendMedia('video')(props),
        file: (props: unknown) => sendMedia('file')(props),
      },
    },
  },
  actions: { startTypingIndicator: (props: unknown) => startTyping(props as Props & { input: TypingInput }) },
} as never);

interface Received {
  method: string;
  headers: Record<string, string>;
  body?: string;
}
interface TypingInput {
  conversation: { tags: Record<string, string> };
}

async function register({
  ctx: { configuration },
  webhookUrl,
}: Props & { webhookUrl: string }): Promise<void> {
  await callTelegram(configuration, 'getMe', {});
  const { secretToken } = configuration;
  await callTelegram(configuration, 'setWebhook', {
    url: webhookUrl,
    secret_token: secretToken,
    allowed_updates: allowedUpdates,
    max_connections: 100,
  });
}

async function receive({ ctx: { configuration }, client, req }: Props & { req: Received }) {
  if (!equalSecrets(req.headers['x-telegram-bot-api-secret-token'] ?? '', configuration.secretToken))
    throw badSignature();
  const update = updateSchema.safeParse(parseJsonObject(req.body));
  if (!update.success)
    return update.error.issues.some(({ path }) => path[0] === 'update_id') ? refuse() : undefined;
  const parsed = parseUpdate(update.data);
  // Ends the button's waiting look, whatever the press means; whether it arrives matters to nobody.
  if (update.data.callback_query)
    callTelegram(configuration, 'answerCallbackQuery', {
      callback_query_id: update.data.callback_query.id,
    }).catch(() => undefined);
  if (parsed) await keep(configuration, client, parsed);
  return undefined;
}

function refuse(): never {
  throw malformed('This is no update.');
}

async function keep(configuration: TelegramConfiguration, client: Client, parsed: Parsed): Promise<void> {
  const { conversation } = await client.getOrCreateConversation({
    channel: 'channel',
    tags: { chatId: String(parsed.chatId) },
  });
  const { user } = await client.getOrCreateUser({ tags: userTags(parsed.from), name: nameOf(parsed.from) });
  const ids = { conversationId: conversation.id, userId: user.id };
  const event = (type: string, payload: object) =>
    client.createEvent({ ...ids, type, payload, tags: { id: parsed.id } });
  switch (parsed.kind) {
    case 'message': {
      const { type, payload } = await payloadOf(configuration, client, parsed.body);
      const sentAt = parsed.sentAt ? { sentAt: parsed.sentAt.toISOString() } : {};
      await client.createMessage({ ...ids, type, payload, tags: { id: parsed.id, ...sentAt } });
      return;
    }
    case 'press':
      await client.createMessage({
        ...ids,
        type: 'choice',
        payload: { text: parsed.label, options: [{ label: parsed.label, value: parsed.data }] },
        tags: { id: parsed.id },
      });
      return;
    case 'edit':
      await event('messageEdited', {
        externalId: parsed.editedId,
        content: { type: 'text', text: parsed.text },
      });
      return;
    case 'started':
      await event('subscribed', { source: parsed.source });
      return;
    case 'blocked':
      await event('unsubscribed', {});
      return;
  }
}

const userTags = ({ id, language_code }: TelegramUser) => ({
  id: String(id),
  ...(language_code && { language: language_code }),
});
const nameOf = ({ first_name, last_name, username }: TelegramUser): string =>
  [first_name, last_name].filter(Boolean).join(' ') || username || '';

async function payloadOf(
  configuration: TelegramConfiguration,
  client: Client,
  body: Body,
): Promise<{ type: string; payload: object }> {
  switch (body.type) {
    case 'text':
      return { type: 'text', payload: { text: body.text } };
    case 'location':
      return {
        type: 'location',
        payload: {
          latitude: body.latitude,
          longitude: body.longitude,
          ...(body.title && { title: body.title }),
        },
      };
    case 'unsupported':
      return { type: 'unsupported', payload: { platformType: body.platformType } };
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return { type: body.type, payload: await mediaOf(configuration, client, body) };
  }
}

const urlKeys = { image: 'imageUrl', audio: 'audioUrl', video: 'videoUrl', file: 'fileUrl' };

/** Fetched at once: the address holds the bot's token and expires. */
async function mediaOf(
  configuration: TelegramConfiguration,
  client: Client,
  { type, file, caption }: Extract<Body, { file: unknown }>,
) {
  const name = file.file_name ?? type;
  const known = { name, ...(file.mime_type && { mimeType: file.mime_type }), ...(caption && { caption }) };
  try {
    const { file_path } = (await callTelegram(configuration, 'getFile', { file_id: file.file_id })) as {
      file_path: string;
    };
    const url = `${configuration.apiBaseUrl}/file/bot${configuration.botToken}/${file_path}`;
    const { file: kept } = await client.uploadFile({ key: name, url });
    return { ...known, [urlKeys[type]]: kept.url, mimeType: kept.contentType, sizeBytes: kept.size };
  } catch (error) {
    const reason = (error as Error).message.replaceAll(configuration.botToken, '…');
    return { ...known, [urlKeys[type]]: '', error: reason };
  }
}

async function sendText(props: SendProps): Promise<void> {
  await sendParts(splitText(String(props.payload['text']), limits.text), (text) =>
    send(props, 'sendMessage', { text }),
  );
}

async function sendChoice(props: SendProps): Promise<void> {
  const options = (props.payload['options'] as { label: string; value: string }[]).map(
    ({ label, value }): ChoiceOption => ({ id: value, label }),
  );
  const inline_keyboard = options.map(({ id, label }) => [{ text: label.slice(0, 64), callback_data: id }]);
  const texts = splitText(String(props.payload['text']), limits.text);
  await sendParts([...texts.entries()], ([index, text]) =>
    send(props, 'sendMessage', {
      text,
      ...(index === texts.length - 1 && { reply_markup: { inline_keyboard } }),
    }),
  );
}

const sendLocation = (props: SendProps) =>
  send(props, 'sendLocation', { latitude: props.payload['latitude'], longitude: props.payload['longitude'] });
const sendLink = (props: SendProps) =>
  send(props, 'sendMessage', { text: `${String(props.payload['title'])}\n${String(props.payload['url'])}` });

const methods = {
  image: ['sendPhoto', 'photo'],
  audio: ['sendAudio', 'audio'],
  video: ['sendVideo', 'video'],
  file: ['sendDocument', 'document'],
} as const;

/** Uploaded, not linked: Telegram need not reach us for it. */
const sendMedia = (type: keyof typeof methods) => async (props: unknown) => {
  const { client, payload } = props as SendProps;
  const file = await readOwnFile(client, payload[urlKeys[type]]);
  const caption = typeof payload['caption'] === 'string' ? payload['caption'] : '';
  const after = textsAfter(caption, limits);
  await sendParts([null, ...after], (text) =>
    text === null
      ? sendFile(props as SendProps, type, file, after.length === 0 ? caption : '')
      : send(props as SendProps, 'sendMessage', { text }),
  );
};

async function sendFile(
  { ctx, conversation, ack }: SendProps,
  type: keyof typeof methods,
  file: Awaited<ReturnType<typeof readOwnFile>>,
  caption: string,
): Promise<void> {
  const [method, field] = methods[type];
  const form = new FormData();
  form.set('chat_id', conversation.tags['chatId'] ?? '');
  if (caption) form.set('caption', caption);
  form.set(field, new Blob([new Uint8Array(file.bytes)], { type: file.contentType }), file.name);
  const sent = (await callTelegram(ctx.configuration, method, form)) as { message_id: number };
  await ack({ tags: { id: `${conversation.tags['chatId']}:${sent.message_id}` } });
}

async function send(
  { ctx, conversation, ack }: SendProps,
  method: string,
  parameters: object,
): Promise<void> {
  const chatId = Number(conversation.tags['chatId']);
  if (!Number.isSafeInteger(chatId)) throw failure('permanent', 'This thread has no chat.');
  const sent = (await callTelegram(ctx.configuration, method, { chat_id: chatId, ...parameters })) as {
    message_id: number;
  };
  await ack({ tags: { id: `${chatId}:${sent.message_id}` } });
}

async function startTyping({ ctx, input }: Props & { input: TypingInput }) {
  await callTelegram(ctx.configuration, 'sendChatAction', {
    chat_id: Number(input.conversation.tags['chatId']),
    action: 'typing',
  });
  return {};
}
