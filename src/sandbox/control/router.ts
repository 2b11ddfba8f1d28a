import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { ZodError } from 'zod';
import { UnknownAct, act } from '../phones/act';
import type { Customer } from '../phones/customer';
import type { SandboxParts } from '../sandbox';
import { shopAccountId } from '../shop/shop-double';
import { Tour } from '../tour/tour';
import { afterQuery, customerBody, nothing, pressBody, rushBody } from './bodies';
import { changeControls } from './change-controls';
import { Rush, RushUnderWay } from './rush';
import { customerState, sandboxState } from './state';
import { createStream } from './stream';

class Missing extends Error {}

/** `/sandbox/api`: what the page of the sandbox asks and tells. */
export function controlRouter(parts: SandboxParts): Router {
  const rush = new Rush(parts);
  const tour = new Tour(parts);
  const router = Router();
  router.use(express.json({ limit: '4mb' }));

  router.get('/state', (_request, response) => void response.json(sandboxState(parts)));
  router.get('/stream', createStream(parts));
  router.get('/requests', (request, response) => {
    const { after } = afterQuery.parse(request.query);
    response.json({ items: parts.recorder.after(after) });
  });
  router.get('/media/:id', (request, response) => sendMedia(parts, request.params.id, response));

  router.post('/customers', (request, response) => {
    const { accountId, name, language } = customerBody.parse(request.body);
    const account = parts.accounts.find((one) => one.id === accountId);
    if (!account) throw new Missing(`No account ${accountId}.`);
    response.status(201).json(customerState(parts.phones.meet(account, name, language), parts.now()));
  });
  router.post('/customers/:id/send', async (request, response) => {
    const customer = customerOf(parts, request);
    response.json(await parts.hands.perform(customer, act.parse(request.body)));
  });
  router.post('/customers/:id/press', async (request, response) => {
    const customer = customerOf(parts, request);
    const { data } = pressBody.parse(request.body);
    response.json(await parts.hands.perform(customer, { kind: 'press', data }));
  });
  router.post('/controls/:accountId', (request, response) => {
    const { accountId } = request.params;
    if (accountId !== shopAccountId && !parts.accounts.some((account) => account.id === accountId))
      throw new Missing(`No account ${accountId}.`);
    response.json(changeControls(parts, accountId, request.body));
  });

  router.post('/scenarios/rush', (request, response) => {
    const { customers } = rush.start(rushBody.parse(request.body));
    response.status(202).json({ customers });
  });
  router.get('/tour', async (_request, response) => void response.json(await tour.steps()));
  router.post('/tour/restart', (request, response) => {
    nothing.parse(request.body);
    tour.restart();
    response.status(204).end();
  });
  router.post('/reset', (request, response) => {
    nothing.parse(request.body);
    rush.stop();
    parts.faults.reset();
    parts.recorder.clear();
    parts.phones.reset();
    tour.restart();
    response.status(204).end();
  });
  router.use((request) => {
    throw new Missing(`No ${request.path}.`);
  });
  router.use(answerError);
  return router;
}

function customerOf(parts: SandboxParts, request: Request<{ id: string }>): Customer {
  const customer = parts.phones.get(request.params.id);
  if (!customer) throw new Missing(`No customer ${request.params.id}.`);
  return customer;
}

function sendMedia({ media }: SandboxParts, id: string, response: Response): void {
  const file = media.get(id);
  if (!file) throw new Missing(`No media ${id}.`);
  // What a server uploaded may be anything: only pictures and sound are shown, the rest is saved.
  const isShown = /^(image\/(png|jpeg|gif|webp)|audio\/|video\/)/.test(file.mimeType);
  response.set({
    'content-type': isShown ? file.mimeType : 'application/octet-stream',
    'content-disposition': isShown ? 'inline' : 'attachment',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, max-age=3600',
  });
  response.end(file.bytes);
}

const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const answer = (status: number, code: string, message: string) =>
    void response.status(status).json({ error: { code, message } });
  if (error instanceof ZodError) return answer(400, 'invalid_input', error.message);
  if (error instanceof SyntaxError) return answer(400, 'invalid_input', 'The body is no JSON.');
  if (error instanceof UnknownAct) return answer(400, 'unknown_act', error.message);
  if (error instanceof Missing) return answer(404, 'not_found', error.message);
  if (error instanceof RushUnderWay) return answer(409, 'rush_under_way', error.message);
  next(error);
};
