import { IntegrationLogger } from '@botpress/sdk';
import type { Logger } from '../../platform/log';

/** Integrations log what they like, message bodies included: all of it is `debug`, without arguments. */
export function integrationLogger(log: Logger): IntegrationLogger {
  const logger = new IntegrationLogger({});
  const quiet = (message: unknown) =>
    log.debug({ from: 'integration' }, typeof message === 'string' ? message.slice(0, 200) : 'integration');
  const methods = { info: quiet, debug: quiet, warn: quiet, error: quiet };
  return Object.assign(logger, methods);
}
