import * as deadLetters from '../dead-letters';
import { emptyBody, listOf } from '../common';
import { route } from './route';

const params = deadLetters.deadLetterParams;

export const deadLetterRoutes = {
  listDeadLetters: route({
    method: 'get',
    path: '/dead-letters',
    summary: 'What was set aside: not handled, not sent, or not understood; oldest first',
    allow: 'supervisor',
    query: deadLetters.deadLettersQuery,
    status: 200,
    answer: listOf(deadLetters.deadLetterView),
  }),
  getDeadLetter: route({
    method: 'get',
    path: '/dead-letters/:kind/:id',
    summary: 'One of them, with the body as it came',
    allow: 'supervisor',
    params,
    status: 200,
    answer: deadLetters.deadLetterDetail,
  }),
  replayDeadLetter: route({
    method: 'post',
    path: '/dead-letters/:kind/:id/replay',
    summary: 'Try it again, under the same key',
    allow: 'supervisor',
    params,
    body: emptyBody,
    status: 204,
  }),
  discardDeadLetter: route({
    method: 'post',
    path: '/dead-letters/:kind/:id/discard',
    summary: 'Give it up for good',
    allow: 'supervisor',
    params,
    body: emptyBody,
    status: 204,
  }),
};
