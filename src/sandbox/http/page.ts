import path from 'node:path';
import express, { Router } from 'express';

const policy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "frame-ancestors 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The sandbox's page, out of the built console; the server fetches it from here. */
export function pageRouter(pageDir: string): Router {
  const router = Router();
  const page = (name: string) => path.resolve(pageDir, 'sandbox', name);
  const send = (name: string): express.RequestHandler => {
    return (_request, response) => {
      response.set({ 'content-security-policy': policy, 'cache-control': 'no-cache' });
      response.sendFile(page(name));
    };
  };
  router.get('/sandbox', send('index.html'));
  router.get('/sandbox/web-phone', send('web-phone.html'));
  router.use('/assets', express.static(path.resolve(pageDir, 'assets'), { immutable: true, maxAge: '1y' }));
  return router;
}
