import { contactRoutes } from './contacts';
import { conversationRoutes } from './conversations';
import { deadLetterRoutes } from './dead-letters';
import { knowledgeRoutes } from './knowledge';
import { liveRoutes } from './live';
import { sessionRoutes } from './session';
import { settingsRoutes } from './settings';
import { ticketRoutes } from './tickets';

export type { Route } from './route';

/** Every route below `/api/v1`. */
export const routes = {
  ...sessionRoutes,
  ...conversationRoutes,
  ...ticketRoutes,
  ...contactRoutes,
  ...knowledgeRoutes,
  ...settingsRoutes,
  ...deadLetterRoutes,
  ...liveRoutes,
};
export type RouteName = keyof typeof routes;
