import type { DoubleParts } from '../double-parts';
import type { TelegramAccount } from '../options';
import type { Customer } from '../phones/customer';
import type { NewPhoneMessage } from '../phones/phone-message';
import { incomingFile } from './incoming-file';
import { readKeyboard } from './keyboard';
import type { Parameters } from './parameters';
import { TelegramError, badRequest } from './telegram-error';
import { sentMessage } from './updates';
import type { WebhookSettings } from './webhook-settings';

const MAX_TEXT = 4_096;
const MAX_CAPTION = 1_024;

export interface BotCall {
  account: TelegramAccount;
  parameters: Parameters;
  parts: DoubleParts;
  webhooks: WebhookSettings;
}
type BotMethod = (call: BotCall) => unknown;

/** The methods of the Bot API that the sandbox plays, by their lower-case names: Telegram ignores case. */
export const botMethods: Record<string, BotMethod> = {
  getme: ({ account }) => ({ ...botOf(account), can_join_groups: true, can_read_all_group_messages: false }),
  setwebhook: ({ account, parameters, webhooks }) => webhooks.set(account.id, parameters),
  deletewebhook: ({ account, webhooks }) => webhooks.delete(account.id),
  getwebhookinfo: ({ account, webhooks }) => webhooks.info(account.id),
  sendmessage: (call) => send(call, { kind: 'text', text: messageText(call.parameters) }),
  sendlocation: (call) => send(call, { kind: 'location', text: place(call.parameters) }),
  sendphoto: (call) => sendFile(call, 'image', 'photo'),
  senddocument: (call) => sendFile(call, 'document', 'document'),
  sendvoice: (call) => sendFile(call, 'voice', 'voice'),
  sendaudio: (call) => sendFile(call, 'voice', 'audio'),
  sendvideo: (call) => sendFile(call, 'video', 'video'),
  sendchataction: (call) => {
    call.parts.phones.showTyping(reachableCustomer(call));
    return true;
  },
  editmessagetext: editMessageText,
  answercallbackquery: ({ parameters }) => {
    if (!/^\d+$/.test(String(parameters['callback_query_id'])))
      throw badRequest('query is too old and response timeout expired or query ID is invalid');
    return true;
  },
  getfile: ({ parameters, parts }) => {
    const fileId = String(parameters['file_id']);
    const file = parts.media.get(fileId);
    if (!file) throw badRequest('invalid file_id');
    const file_path = `files/${fileId}/${file.name}`;
    return { file_id: fileId, file_unique_id: fileId.slice(0, 16), file_size: file.bytes.length, file_path };
  },
};

export function botOf(account: TelegramAccount) {
  // A bot's id is the first half of its token.
  const id = parseInt(account.configuration.botToken, 10) || 1;
  return { id, is_bot: true, first_name: account.name ?? account.id, username: `sandbox_${id}_bot` };
}

function send(call: BotCall, content: Pick<NewPhoneMessage, 'kind' | 'text' | 'mediaId'>) {
  const { account, parameters, parts } = call;
  const buttons = readKeyboard(parameters['reply_markup']);
  const customer = reachableCustomer(call);
  const platformId = String(parts.phones.nextNumber());
  const message = parts.phones.post(customer, { ...content, buttons, platformId, from: 'account' });
  return sentMessage(message, customer, botOf(account), parts.now());
}

async function sendFile(call: BotCall, kind: NewPhoneMessage['kind'], field: string) {
  const text = String(call.parameters['caption'] ?? '');
  if (text.length > MAX_CAPTION) throw badRequest('message caption is too long');
  reachableCustomer(call);
  const mediaId = await incomingFile(call.parameters[field], call.parts);
  return send(call, { kind, text, mediaId });
}

function editMessageText(call: BotCall) {
  const { account, parameters, parts } = call;
  const customer = reachableCustomer(call);
  const text = messageText(parameters);
  const buttons = readKeyboard(parameters['reply_markup']);
  const platformId = String(parameters['message_id']);
  const message = customer.messages.find((one) => one.platformId === platformId && one.from === 'account');
  if (!message) throw badRequest('message to edit not found');
  if (message.text === text && JSON.stringify(message.buttons) === JSON.stringify(buttons))
    throw badRequest('message is not modified');
  Object.assign(message, { text, buttons, isEdited: true });
  parts.phones.show(customer, message);
  return sentMessage(message, customer, botOf(account), parts.now());
}

function reachableCustomer({ account, parameters, parts }: BotCall): Customer {
  const customer = parts.phones.find(account.id, String(parameters['chat_id'] ?? ''));
  if (!customer) throw badRequest('chat not found');
  if (customer.isGone) throw new TelegramError(403, 'Forbidden: bot was blocked by the user');
  if (!customer.hasWritten)
    throw new TelegramError(403, "Forbidden: bot can't initiate conversation with a user");
  return customer;
}

function messageText(parameters: Parameters): string {
  const text = String(parameters['text'] ?? '');
  if (text.trim() === '') throw badRequest('message text is empty');
  if (text.length > MAX_TEXT) throw badRequest('message is too long');
  return text;
}

function place(parameters: Parameters): string {
  const latitude = Number(parameters['latitude']);
  const longitude = Number(parameters['longitude']);
  if (Number.isNaN(latitude + longitude)) throw badRequest("can't parse location: Latitude is empty");
  return `${latitude}, ${longitude}`;
}
