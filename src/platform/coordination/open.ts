import type { Config } from '../config';
import type { Logger } from '../log';
import type { Coordination } from './index';
import { inProcessCoordination } from './in-process';
import { redisCoordination } from './redis';

export function openCoordination(
  config: Pick<Config, 'redisUrl'>,
  log: Logger,
  prefix = 'parley',
): Coordination {
  return config.redisUrl ? redisCoordination({ url: config.redisUrl, prefix, log }) : inProcessCoordination();
}
