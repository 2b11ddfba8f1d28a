import express, { Router } from 'express';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const year = 365 * 24 * 3_600_000;

/** The built console, the widget's loader and their assets. Paths of the console's own router get its page. */
export function pagesRouter(folder: string): Router {
  const router = Router();
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { maxAge: year, immutable: true, fallthrough: false }),
  );
  router.get('/widget.js', (_request, response) => {
    // Any site may load it: that is what it is for.
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.sendFile(join(folder, 'widget.js'), { maxAge: 300_000 });
  });
  router.use(express.static(folder, { index: false, redirect: false }));
  router.get(/^\/(?!api\/|webhooks\/|sandbox|files\/|socket\.io).*/, (request, response, next) => {
    const page = join(folder, 'index.html');
    if (!request.accepts('html') || !existsSync(page)) return next();
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(page);
  });
  return router;
}
