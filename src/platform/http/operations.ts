import { Router } from 'express';
import type { Metrics } from '../metrics';

/** What a load balancer and an operator ask. */
export interface Health {
  /** Null when the server may get traffic, else why not. */
  unready(): Promise<string | null>;
  /** What works less well, though traffic is welcome (Redis away). */
  degraded(): Promise<string[]>;
}

export function operationsRouter(health: Health, metrics: Metrics | null): Router {
  const router = Router();
  router.get('/livez', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const reason = await health.unready();
    const degraded = await health.degraded();
    response.status(reason ? 503 : 200).json({ status: reason ? 'unready' : 'ok', reason, degraded });
  });
  if (metrics) router.use(metricsRouter(metrics));
  return router;
}

export function metricsRouter(metrics: Metrics): Router {
  const router = Router();
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.scrape());
  });
  return router;
}
