import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/log';
import { isStoreAway } from '../platform/mongo/connection';

interface Parts {
  clock: Clock;
  log: Logger;
  /** Nothing is waited for any longer. */
  isStopping(): boolean;
}

const againAfterMs = 500;

/** Does it again while the store is away, until this server stops. `act` must bear to be done twice. */
export async function insist<T>(
  { clock, log, isStopping }: Parts,
  act: () => Promise<T>,
): Promise<{ result: T; isLate: boolean }> {
  for (let isLate = false; ; isLate = true)
    try {
      return { result: await act(), isLate };
    } catch (error) {
      if (!isStoreAway(error) || isStopping()) throw error;
      log.warn({ err: error }, 'deliver: the store is away, will be noted again');
      await new Promise<void>((resume) => clock.after(againAfterMs, resume));
    }
}
