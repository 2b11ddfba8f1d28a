import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { controlRouter } from './control/router';
import { changeControls } from './control/change-controls';
import type { ControlsBody } from './control/bodies';
import { pageRouter } from './http/page';
import { serveDouble } from './http/serve-double';
import { type SandboxOptions, sandboxOptions } from './options';
import { createDrivers } from './phones/driver';
import { type SandboxParts, createParts } from './sandbox';

const MAX_BODY = '12mb';

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

/** Starts the doubles, the phones and their control API on one port. */
export async function startSandbox(options: SandboxOptions, now: () => Date = () => new Date()) {
  const settings = sandboxOptions.parse(options);
  const parts = createParts(settings, now);
  const server = createServer(createApp(parts));
  server.listen(settings.port, settings.host);
  await once(server, 'listening').catch((error: unknown) => {
    parts.closing.abort();
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.host}:${port}`;
  parts.addresses.own = url;

  const close = async () => {
    parts.closing.abort();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
    parts.phones.flush();
  };
  return {
    url,
    port,
    close,
    ...createDrivers(parts),
    /** The newest 500 exchanges, oldest first. */
    requests: () => parts.recorder.after(0),
    control: (accountId: string, changes: ControlsBody) => changeControls(parts, accountId, changes),
    /** For a server whose port is known only after it has started. */
    callWebhooksAt: (publicUrl: string) => void (parts.addresses.server = publicUrl),
  };
}

function createApp(parts: SandboxParts): express.Express {
  const app = express();
  app.disable('x-powered-by');
  const raw = express.raw({ type: () => true, limit: MAX_BODY });
  const { faults, recorder } = parts;
  const doubleParts = { faults, recorder, closing: parts.closing.signal };
  app.use('/wechat', raw, serveDouble(parts.wechat, doubleParts));
  app.use('/telegram', raw, serveDouble(parts.telegram, doubleParts));
  app.use('/sandbox/api', controlRouter(parts));
  if (parts.settings.pageDir) app.use(pageRouter(parts.settings.pageDir));
  app.get('/', (_request, response) => void response.json(aboutOf(parts)));
  app.all(['/orders{/*rest}', '/returns{/*rest}'], raw, serveDouble(parts.shop, doubleParts));
  app.use(nothingHere);
  return app;
}

/** Express would show where its files lie. */
const nothingHere: express.ErrorRequestHandler[] = [
  (error: { status?: number }, _request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status ?? 500;
    response.status(status).json({ error: status === 404 ? 'nothing here' : 'the sandbox could not answer' });
  },
];

function aboutOf({ addresses }: SandboxParts) {
  return {
    name: 'Parley sandbox',
    page: new URL('/sandbox', addresses.server).href,
    doubles: ['/wechat', '/telegram', '/orders', '/returns'],
  };
}
