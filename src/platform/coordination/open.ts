import type { Config } from '../config';
import type { Logger } from '../log';
import type { Coordination } from './index';
import { inProcessCoordination } from './in-process';
import { redisCoordination } from './redis';

/** `installation` keeps what several installations share in one Redis apart. */
export function openCoordination(
  config: Pick<Config, 'redisUrl'>,
  log: Logger,
  installation: string,
): Coordination {
  const prefix = `parley:${installation}`;
  return config.redisUrl ? redisCoordination({ url: config.redisUrl, prefix, log }) : inProcessCoordination();
}
