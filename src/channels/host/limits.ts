import type { Content } from '../../domain/content';
import type { Paces } from '../../domain/pace';
import type { WindowRules } from '../../domain/reply-window';

/** What a platform allows, as data: one place to correct when it changes. */
export interface ChannelLimits {
  /** Null: we may write at any time. */
  window: WindowRules | null;
  /** The longest text of one message. */
  text: { max: number; unit: 'bytes' | 'characters' };
  /** The longest text that a picture or a file carries, in characters; a longer one follows by itself. Not said: any. */
  caption?: number;
  /** Not said: as fast as it answers. */
  pace?: Paces;
  /** Where the figures stand, and when they were read. */
  source: string;
}

export const noLimits: ChannelLimits = {
  window: null,
  text: { max: Infinity, unit: 'characters' },
  source: 'nobody',
};

/** How many messages of the platform one of ours becomes: each of them counts. */
export function messagesIn(content: Content, limits: Pick<ChannelLimits, 'text' | 'caption'>): number {
  switch (content.type) {
    case 'text':
    case 'choice':
      return splitText(content.text, limits.text).length;
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return 1 + textsAfter(content.caption ?? '', limits).length;
    case 'location':
    case 'link':
    case 'unsupported':
      return 1;
  }
}

/** What follows a picture because it cannot carry it. */
export function textsAfter(
  caption: string,
  { text, caption: longest }: Pick<ChannelLimits, 'text' | 'caption'>,
): string[] {
  return caption === '' || longest === undefined || caption.length <= longest ? [] : splitText(caption, text);
}

/** Cuts a text into parts that fit, at a line or a space where there is one near the end. */
export function splitText(text: string, { max, unit }: ChannelLimits['text']): string[] {
  const size = (part: string) => (unit === 'bytes' ? Buffer.byteLength(part) : part.length);
  const parts: string[] = [];
  let rest = text;
  while (size(rest) > max) {
    const fits = longestPrefix(rest, max, size);
    const at = Math.max(fits.lastIndexOf('\n'), fits.lastIndexOf('。') + 1, fits.lastIndexOf(' '));
    const cut = at > fits.length / 2 ? at : fits.length;
    parts.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return rest === '' && parts.length > 0 ? parts : [...parts, rest];
}

function longestPrefix(text: string, max: number, size: (part: string) => number): string {
  let prefix = '';
  let used = 0;
  for (const character of text) {
    used += size(character);
    if (used > max) return prefix;
    prefix += character;
  }
  return prefix;
}
