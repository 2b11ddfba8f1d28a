import type { WindowRules } from '../../domain/reply-window';

/** What a platform allows, as data: one place to correct when it changes. */
export interface ChannelLimits {
  /** Null: we may write at any time. */
  window: WindowRules | null;
  /** The longest text of one message. */
  text: { max: number; unit: 'bytes' | 'characters' };
  /** Sending the same message again is harmless (our own channel). */
  isRepeatable: boolean;
  /** Where the figures stand, and when they were read. */
  source: string;
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
