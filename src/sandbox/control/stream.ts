import type { RequestHandler, Response } from 'express';
import type { SandboxParts } from '../sandbox';
import { customerState } from './state';

const MAX_STREAMS = 20;
const HEARTBEAT_MS = 15_000;

/** Server-sent events: requests, phone messages, typing, customers, controls. */
export function createStream(parts: SandboxParts): RequestHandler {
  const listeners = new Set<Response>();
  const send = (event: string, data: unknown) => {
    const frame = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const listener of listeners) listener.write(frame);
  };
  const { recorder, phones, faults, now, closing } = parts;
  recorder.on('request', (request) => send('request', request));
  phones.on('message', (customer, message) =>
    send('message', { customer: customerState(customer, now()), message }),
  );
  phones.on('typing', (customer) => send('typing', { customerId: customer.id }));
  phones.on('customer', (customer) => send('customer', customerState(customer, now())));
  phones.on('reset', () => send('reset', {}));
  faults.on('changed', (accountId) => send('controls', { accountId, controls: faults.of(accountId) }));

  const heartbeat = setInterval(
    () => listeners.forEach((one) => one.write(': still here\n\n')),
    HEARTBEAT_MS,
  );
  closing.signal.addEventListener('abort', () => {
    clearInterval(heartbeat);
    for (const listener of listeners) listener.end();
  });

  return (_request, response) => {
    if (listeners.size >= MAX_STREAMS) {
      response
        .status(503)
        .json({ error: { code: 'too_many', message: 'Too many pages look at the sandbox.' } });
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 1000\n\n');
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  };
}
