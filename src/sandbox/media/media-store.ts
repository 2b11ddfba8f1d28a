import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Upload } from '../http/api-call';
import { silentAmr, silentOggOpus } from './silence';
import { parcelPicture } from './parcel-picture';
import { invoicePdf } from './invoice-pdf';

const MAX_FILES = 300;

/** The files that the platforms hold: sent by customers, or uploaded by the server. Kept on disk, the newest 300. */
export class MediaStore {
  private readonly dir: string;

  constructor(dataDir: string) {
    this.dir = path.join(dataDir, 'media');
    mkdirSync(this.dir, { recursive: true });
  }

  add(file: Upload): string {
    const id = randomBytes(24).toString('base64url');
    writeFileSync(path.join(this.dir, id), file.bytes);
    writeFileSync(
      path.join(this.dir, `${id}.json`),
      JSON.stringify({ name: file.name, mimeType: file.mimeType }),
    );
    this.dropOldest();
    return id;
  }

  get(id: string): Upload | null {
    if (!/^[\w-]{32}$/.test(id)) return null;
    try {
      const about = JSON.parse(readFileSync(path.join(this.dir, `${id}.json`), 'utf8')) as Omit<
        Upload,
        'bytes'
      >;
      return { ...about, bytes: readFileSync(path.join(this.dir, id)) };
    } catch {
      return null;
    }
  }

  image(base64?: string): string {
    const bytes = base64 ? Buffer.from(base64, 'base64') : parcelPicture();
    const isPng = bytes.subarray(1, 4).toString('latin1') === 'PNG';
    return this.add({
      name: isPng ? 'photo.png' : 'photo.jpg',
      mimeType: isPng ? 'image/png' : 'image/jpeg',
      bytes,
    });
  }

  amrVoice(): string {
    return this.add({ name: 'voice.amr', mimeType: 'audio/amr', bytes: silentAmr(2) });
  }

  oggVoice(): string {
    return this.add({ name: 'voice.ogg', mimeType: 'audio/ogg', bytes: silentOggOpus(2) });
  }

  document(): string {
    return this.add({ name: 'invoice.pdf', mimeType: 'application/pdf', bytes: invoicePdf() });
  }

  private dropOldest(): void {
    const ids = readdirSync(this.dir).filter((name) => !name.endsWith('.json'));
    if (ids.length <= MAX_FILES) return;
    const age = (id: string) => statSync(path.join(this.dir, id)).mtimeMs;
    const oldest = ids.sort((a, b) => age(a) - age(b)).slice(0, ids.length - MAX_FILES);
    for (const id of oldest)
      for (const name of [id, `${id}.json`]) rmSync(path.join(this.dir, name), { force: true });
  }
}
