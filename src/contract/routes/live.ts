import { z } from 'zod';
import { paging } from '../common';
import { wallView } from '../wall';
import { route } from './route';

const eventsQuery = z.strictObject({ ...paging, cursor: z.coerce.number().int().min(0).default(0) });
const eventsPage = z.object({
  items: z.array(
    z.object({ seq: z.number(), prev: z.number(), type: z.string(), at: z.string(), data: z.unknown() }),
  ),
  nextCursor: z.number().nullable(),
});

export const liveRoutes = {
  listEvents: route({
    method: 'get',
    path: '/events',
    summary: 'What happened after a cursor, as far as you may see it',
    allow: 'agent',
    query: eventsQuery,
    status: 200,
    answer: eventsPage,
  }),
  getWall: route({
    method: 'get',
    path: '/wall',
    summary: 'The live wall',
    allow: 'supervisor',
    status: 200,
    answer: wallView,
  }),
};
