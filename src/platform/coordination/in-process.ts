import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Coordination } from './index';
import { rateLimiter } from './rate-limiter';
import { inProcessSignals } from './signals';

/** One server process: everything shared is in its memory. */
export function inProcessCoordination(): Coordination {
  const signals = inProcessSignals();
  return {
    kind: 'in-process',
    signals,
    limiter: (name, points, seconds) =>
      rateLimiter(new RateLimiterMemory({ keyPrefix: name, points, duration: seconds }), points),
    attach: () => undefined,
    problem: () => Promise.resolve(null),
    close: () => signals.close(),
  };
}
