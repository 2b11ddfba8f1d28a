import { pictureSize } from './picture-size';

interface FileType {
  mimeType: string;
  extension: string;
  kind: 'image' | 'voice' | 'video' | 'file';
}

const type = (mimeType: string, extension: string, kind: FileType['kind']): FileType => ({
  mimeType,
  extension,
  kind,
});

/** Decoded it takes four bytes for each: what is larger is a trap, or nothing to look at in a chat. */
const mostPixels = 100_000_000;

/** What the first bytes say a file is; the name and the sender's word count for nothing. Null: not taken. */
export function fileTypeOf(bytes: Buffer): FileType | null {
  const found = typeByMagic(bytes);
  const size = found?.kind === 'image' ? pictureSize(bytes) : null;
  // Kept as a file to download: no page of ours decodes it.
  if (found && size && size.width * size.height > mostPixels)
    return type('application/octet-stream', found.extension, 'file');
  return found;
}

function typeByMagic(bytes: Buffer): FileType | null {
  const starts = (text: string, at = 0) => bytes.subarray(at, at + text.length).toString('latin1') === text;
  if (starts('\x89PNG\r\n\x1a\n')) return type('image/png', 'png', 'image');
  if (starts('\xff\xd8\xff')) return type('image/jpeg', 'jpg', 'image');
  if (starts('GIF87a') || starts('GIF89a')) return type('image/gif', 'gif', 'image');
  if (starts('RIFF') && starts('WEBP', 8)) return type('image/webp', 'webp', 'image');
  if (starts('RIFF') && starts('WAVE', 8)) return type('audio/wav', 'wav', 'voice');
  if (starts('#!AMR')) return type('audio/amr', 'amr', 'voice');
  if (starts('ID3') || starts('\xff\xfb') || starts('\xff\xf3')) return type('audio/mpeg', 'mp3', 'voice');
  if (starts('OggS')) return type('audio/ogg', 'ogg', 'voice');
  if (starts('ftypM4A', 4)) return type('audio/mp4', 'm4a', 'voice');
  if (starts('ftyp', 4)) return type('video/mp4', 'mp4', 'video');
  if (starts('\x1aE\xdf\xa3')) return type('video/webm', 'webm', 'video');
  if (starts('%PDF-')) return type('application/pdf', 'pdf', 'file');
  if (starts('PK\x03\x04')) return type('application/zip', 'zip', 'file');
  return isPlainText(bytes) ? type('text/plain; charset=utf-8', 'txt', 'file') : null;
}

/** UTF-8 without control characters, and nothing that a browser would take for a page. */
function isPlainText(bytes: Buffer): boolean {
  if (bytes.length === 0) return false;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return !/[\x00-\x08\x0e-\x1f]/.test(text) && !/^\s*</.test(text);
  } catch {
    return false;
  }
}
