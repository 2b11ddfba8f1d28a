/** What a message holds, whatever the channel: the one shape that adapters parse to and render from. */
export type Content =
  | { type: 'text'; text: string }
  | { type: 'choice'; text: string; options: ChoiceOption[] }
  | { type: 'image' | 'voice' | 'video' | 'file'; media: Media; caption?: string }
  | { type: 'location'; latitude: number; longitude: number; label?: string }
  | { type: 'link'; url: string; title: string; description?: string }
  | { type: 'unsupported'; platformType: string };

export interface ChoiceOption {
  /** What comes back when the contact presses it; ≤ 64 bytes, the smallest limit of our channels. */
  id: string;
  label: string;
}

/** A file of ours: fetched from the platform at once, served from our origin as `/files/{fileId}`. */
export interface Media {
  fileId: string | null;
  name: string;
  mimeType: string;
  sizeBytes: number;
  /** Why there is no file, when the platform's could not be fetched. */
  error?: string;
  /** What the platform understood of a voice message. */
  transcript?: string;
}

/** What a person reads in a list or a log where only text fits. */
export function textOf(content: Content): string {
  switch (content.type) {
    case 'text':
    case 'choice':
      return content.text;
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return content.caption ?? content.media.transcript ?? `[${content.type}] ${content.media.name}`.trim();
    case 'location':
      return `[location] ${content.label ?? `${content.latitude}, ${content.longitude}`}`;
    case 'link':
      return `${content.title} ${content.url}`.trim();
    case 'unsupported':
      return `[${content.platformType}]`;
  }
}

/** Only what the person said in words: it tells the language, our label of a picture does not. */
export function wordsOf(content: Content): string {
  switch (content.type) {
    case 'text':
    case 'choice':
      return content.text;
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return content.caption ?? content.media.transcript ?? '';
    case 'location':
    case 'link':
    case 'unsupported':
      return '';
  }
}

/** Did the contact say something the bot can read? */
export function isReadable(content: Content): boolean {
  if (content.type === 'text' || content.type === 'choice') return content.text.trim() !== '';
  return content.type === 'voice' && Boolean(content.media.transcript);
}
