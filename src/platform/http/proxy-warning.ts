import type { Logger } from '../log';
import type { AddressOf } from './client-address';

/** Tells once that a proxy seems to stand in front whose word does not count: all behind it share one visitor's limits. */
export function warnOfProxy(addressOf: AddressOf, log: Logger): AddressOf {
  let isTold = false;
  return (request) => {
    if (!isTold && request.headers['x-forwarded-for'] !== undefined) {
      isTold = true;
      log.warn(
        'limits: X-Forwarded-For arrives, but PARLEY_TRUST_PROXY is not set: behind a proxy all visitors count as one',
      );
    }
    return addressOf(request);
  };
}
