import { z } from '@botpress/sdk';
import type { Content, Media } from '../../domain/content';

/** A file of ours in a payload: `parley-file:{fileId}` stands where an integration would put a URL. */
const fileScheme = 'parley-file:';

const media = {
  name: z.string().optional(),
  mimeType: z.string().optional(),
  sizeBytes: z.number().optional(),
  error: z.string().optional(),
  transcript: z.string().optional(),
  caption: z.string().optional(),
};

/** The message types that all our channels share, in the words of `@botpress/sdk`'s defaults. */
export const messageTypes = {
  text: { schema: z.object({ text: z.string() }) },
  choice: {
    schema: z.object({
      text: z.string(),
      options: z.array(z.object({ label: z.string(), value: z.string() })),
    }),
  },
  image: { schema: z.object({ imageUrl: z.string(), ...media }) },
  audio: { schema: z.object({ audioUrl: z.string(), ...media }) },
  video: { schema: z.object({ videoUrl: z.string(), ...media }) },
  file: { schema: z.object({ fileUrl: z.string(), title: z.string().optional(), ...media }) },
  location: {
    schema: z.object({
      latitude: z.number(),
      longitude: z.number(),
      address: z.string().optional(),
      title: z.string().optional(),
    }),
  },
  link: { schema: z.object({ url: z.string(), title: z.string(), description: z.string().optional() }) },
  unsupported: { schema: z.object({ platformType: z.string() }) },
};
export type MessageType = keyof typeof messageTypes;
type Payload<T extends MessageType> = z.infer<(typeof messageTypes)[T]['schema']>;

const urlKeys = { image: 'imageUrl', audio: 'audioUrl', video: 'videoUrl', file: 'fileUrl' } as const;

/** The payload of a channel's message as our own content. Unknown types are kept by name. */
export function toContent(type: string, payload: Record<string, unknown>): Content {
  switch (type) {
    case 'text':
      return { type, text: String(payload['text'] ?? '') };
    case 'choice': {
      const { text, options } = payload as Payload<'choice'>;
      return { type, text, options: options.map(({ label, value }) => ({ id: value, label })) };
    }
    case 'image':
    case 'video':
    case 'file':
      return { type, ...withMedia(payload, urlKeys[type]) };
    case 'audio':
      return { type: 'voice', ...withMedia(payload, urlKeys[type]) };
    case 'location': {
      const { latitude, longitude, address, title } = payload as Payload<'location'>;
      return { type, latitude, longitude, ...((title ?? address) && { label: title ?? address }) };
    }
    case 'link': {
      const { url, title, description } = payload as Payload<'link'>;
      return { type, url, title, ...(description && { description }) };
    }
    default:
      return { type: 'unsupported', platformType: String(payload['platformType'] ?? type) };
  }
}

/** Our content as the payload that an integration's channel sends. */
export function toPayload(content: Content): { type: MessageType; payload: Record<string, unknown> } {
  switch (content.type) {
    case 'text':
      return { type: 'text', payload: { text: content.text } };
    case 'choice':
      return {
        type: 'choice',
        payload: {
          text: content.text,
          options: content.options.map(({ id, label }) => ({ label, value: id })),
        },
      };
    case 'voice':
      return { type: 'audio', payload: fromMedia(content.media, urlKeys.audio, content.caption) };
    case 'image':
    case 'video':
    case 'file':
      return {
        type: content.type,
        payload: fromMedia(content.media, urlKeys[content.type], content.caption),
      };
    case 'location':
      return {
        type: 'location',
        payload: { latitude: content.latitude, longitude: content.longitude, title: content.label },
      };
    case 'link':
      return {
        type: 'link',
        payload: { url: content.url, title: content.title, description: content.description },
      };
    case 'unsupported':
      return { type: 'unsupported', payload: { platformType: content.platformType } };
  }
}

function withMedia(payload: Record<string, unknown>, urlKey: string): { media: Media; caption?: string } {
  const text = (key: string) => (typeof payload[key] === 'string' ? (payload[key] as string) : undefined);
  const url = text(urlKey) ?? '';
  const [error, transcript, caption] = [text('error'), text('transcript'), text('caption')];
  return {
    media: {
      fileId: url.startsWith(fileScheme) ? url.slice(fileScheme.length) : null,
      name: text('name') ?? text('title') ?? '',
      mimeType: text('mimeType') ?? 'application/octet-stream',
      sizeBytes: Number(payload['sizeBytes'] ?? 0),
      ...(error && { error }),
      ...(transcript && { transcript }),
    },
    ...(caption && { caption }),
  };
}

const fromMedia = ({ fileId, ...rest }: Media, urlKey: string, caption?: string) => ({
  [urlKey]: `${fileScheme}${fileId}`,
  ...rest,
  ...(caption && { caption }),
});

/** What a channel can show of a content: choices become numbered lines where it has no buttons. */
export function forChannel(content: Content, canSend: (type: string) => boolean): Content {
  if (content.type !== 'choice' || canSend('choice')) return content;
  const lines = content.options.map(({ label }, index) => `${index + 1}. ${label}`);
  return { type: 'text', text: [content.text, ...lines].join('\n') };
}

/** The file that a payload's URL stands for: ours, in a payload or as a link of our origin. Null: somebody else's. */
export function fileIdOf(url: unknown): string | null {
  if (typeof url !== 'string') return null;
  if (url.startsWith(fileScheme)) return url.slice(fileScheme.length);
  return /\/files\/([\w-]{43})(?:\?|$)/.exec(url)?.[1] ?? null;
}

export const fileUrlOf = (fileId: string): string => `${fileScheme}${fileId}`;
