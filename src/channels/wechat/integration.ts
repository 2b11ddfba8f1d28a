import { Integration } from '@botpress/sdk';
import { badSignature, failure } from '../host/failures';
import { readOwnFile, type FileReader } from '../host/own-file';
import { sendParts } from '../host/send-parts';
import { WechatApi } from './api';
import type { WechatConfiguration } from './definition';
import { openEnvelope } from './envelope';
import { parseMessage, type Body, type Parsed } from './parse';
import { renderMessage } from './render';
import { isSigned } from './signature';
import { AccessTokens } from './token';

interface Client extends FileReader {
  getOrCreateConversation(of: {
    channel: 'channel';
    tags: Record<string, string>;
  }): Promise<{ conversation: { id: string } }>;
  getOrCreateUser(of: { tags: Record<string, string>; name?: string }): Promise<{ user: { id: string } }>;
  createMessage(message: object): Promise<unknown>;
  createEvent(event: object): Promise<unknown>;
  uploadFile(file: {
    key: string;
    url?: string;
    content?: Buffer;
  }): Promise<{ file: { url: string; contentType: string; size: number } }>;
}
interface Props {
  ctx: { configuration: WechatConfiguration };
  client: Client;
}
interface Received {
  method: string;
  query: string;
  body?: string;
}
interface SendProps extends Props {
  type: string;
  payload: Record<string, unknown>;
  conversation: { tags: Record<string, string> };
}

const api = new WechatApi(new AccessTokens());
const send = (props: unknown) => sendMessage(props as SendProps);

export const integration = new Integration({
  // Nothing to tell the platform: its console holds our address. Tokens are fetched when first needed.
  register: async () => undefined,
  unregister: async () => undefined,
  handler: async (props: unknown) => receive(props as Props & { req: Received }),
  channels: {
    channel: { messages: { text: send, choice: send, link: send, location: send, image: send, audio: send } },
  },
  actions: { startTypingIndicator: (props: unknown) => startTyping(props as TypingProps) },
} as never);

async function receive({ ctx: { configuration }, client, req }: Props & { req: Received }) {
  const query = new URLSearchParams(req.query);
  if (req.method === 'GET') return handshake(configuration, query);
  const parsed = parseMessage(openEnvelope(configuration, query, req.body));
  if (parsed) await keep(configuration, client, parsed);
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'success' };
}

/** In every mode the handshake has the plain signature. */
function handshake({ token }: WechatConfiguration, query: URLSearchParams) {
  if (!isSigned(query.get('signature'), token, query.get('timestamp'), query.get('nonce')))
    throw badSignature();
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: query.get('echostr') ?? '',
  };
}

async function keep(
  configuration: WechatConfiguration,
  client: Client,
  { id, openid, sentAt, what }: Parsed,
): Promise<void> {
  const { conversation } = await client.getOrCreateConversation({ channel: 'channel', tags: { openid } });
  const { user } = await client.getOrCreateUser({ tags: { id: openid } });
  const tags = { id, ...(sentAt && { sentAt: sentAt.toISOString() }) };
  const ids = { conversationId: conversation.id, userId: user.id, tags };
  if (what.kind === 'event') {
    const { type, ...payload } = what.event;
    await client.createEvent({ ...ids, type, payload });
  } else await client.createMessage({ ...ids, ...(await payloadOf(configuration, client, what.body)) });
}

const urlKeys = { image: 'imageUrl', audio: 'audioUrl', video: 'videoUrl' };

async function payloadOf(
  configuration: WechatConfiguration,
  client: Client,
  body: Body,
): Promise<{ type: string; payload: object }> {
  switch (body.type) {
    case 'choice':
      return {
        type: 'choice',
        payload: { text: body.label, options: [{ label: body.label, value: body.id }] },
      };
    case 'image':
    case 'audio':
    case 'video':
      return { type: body.type, payload: await mediaOf(configuration, client, body) };
    case 'text':
    case 'location':
    case 'link':
    case 'unsupported': {
      const { type, ...payload } = body;
      return { type, payload };
    }
  }
}

/** Fetched at once: the platform forgets it after three days. */
async function mediaOf(
  configuration: WechatConfiguration,
  client: Client,
  { type, mediaId, transcript }: Extract<Body, { mediaId: string }>,
) {
  const known = { name: type, ...(transcript && { transcript }) };
  try {
    const found = await api.media(configuration, mediaId);
    const { file } = await client.uploadFile({
      key: type,
      ...('url' in found ? { url: found.url } : { content: found.bytes }),
    });
    return { ...known, [urlKeys[type]]: file.url, mimeType: file.contentType, sizeBytes: file.size };
  } catch (error) {
    return { ...known, [urlKeys[type]]: '', error: (error as Error).message };
  }
}

async function sendMessage({ ctx, client, type, payload, conversation }: SendProps): Promise<void> {
  const touser = conversation.tags['openid'];
  if (!touser) throw failure('permanent', 'This thread has no openid.');
  const bodies = await bodiesOf({ ctx, client, type, payload });
  await sendParts(bodies, (body) =>
    api.post(ctx.configuration, '/cgi-bin/message/custom/send', { touser, ...body }),
  );
}

/** Pictures and voices are uploaded first; the message then names what WeChat calls them. */
async function bodiesOf({ ctx, client, type, payload }: Omit<SendProps, 'conversation'>): Promise<object[]> {
  if (type !== 'image' && type !== 'audio') return renderMessage(type, payload);
  const msgtype = type === 'image' ? 'image' : 'voice';
  const file = await readOwnFile(client, payload[urlKeys[type]]);
  const media_id = await api.upload(ctx.configuration, msgtype, file);
  const caption = payload['caption'];
  return [
    { msgtype, [msgtype]: { media_id } },
    ...(typeof caption === 'string' && caption ? renderMessage('text', { text: caption }) : []),
  ];
}

interface TypingProps extends Props {
  input: { conversation: { tags: Record<string, string> } };
}
async function startTyping({ ctx, input }: TypingProps) {
  const touser = input.conversation.tags['openid'];
  await api.post(ctx.configuration, '/cgi-bin/message/custom/typing', { touser, command: 'Typing' });
  return {};
}
