import type { MediaStore } from './media/media-store';
import type { Phones } from './phones/phones';

/** What every platform's double works with. */
export interface DoubleParts {
  phones: Phones;
  media: MediaStore;
  now: () => Date;
  /** The sandbox's own address, known once it listens. */
  url: () => string;
  publicUrl: () => string;
  webhookUrl: (accountId: string) => string;
}
