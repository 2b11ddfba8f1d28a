import { failure, toFailure } from './failures';

/**
 * Sends a message that needs several calls. Once a part is with the contact the whole must not be sent again, so a
 * failure that would otherwise be tried again is `unknown` from then on.
 */
export async function sendParts<Part>(parts: Part[], send: (part: Part) => Promise<unknown>): Promise<void> {
  for (const [index, part] of parts.entries()) {
    try {
      await send(part);
    } catch (error) {
      const { errorClass, message, platformCode, retryAfterMs } = toFailure(error);
      const wouldRepeat = errorClass === 'retry' || errorClass === 'token';
      if (index === 0 || !wouldRepeat) throw error;
      throw failure('unknown', `Only ${index} of ${parts.length} parts arrived: ${message}`, {
        ...(platformCode && { platformCode }),
        // The account must rest all the same.
        ...(retryAfterMs !== null && { retryAfterMs }),
      });
    }
  }
}
