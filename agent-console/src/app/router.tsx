import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import type { FunctionComponent } from 'react';
import type { Role } from '../../../src/domain/role';
import { ApiError } from '../lib/api';
import { queryClient } from '../lib/query-client';
import { sessionQuery } from '../lib/session';
import { ErrorState, NotFoundState, Skeleton } from '../ui/states';
import { Gate } from './gate';
import { pageOf } from './pages';
import { Shell } from './shell/shell';

type Search = Record<string, unknown>;
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundState });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: pageOf('login/login-page'),
  validateSearch: (search: Search): { from?: string } => ({ from: text(search['from']) }),
});

/** Everything behind the login. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  pendingComponent: Skeleton,
  errorComponent: ({ error }) => <ErrorState error={error} onRetry={() => void router.invalidate()} />,
  async beforeLoad({ location }) {
    await queryClient.ensureQueryData(sessionQuery).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: '/login', search: { from: location.href } });
    });
  },
});

const screen = <const P extends string>(path: P, page: FunctionComponent, allow: Role = 'agent') =>
  createRoute({ getParentRoute: () => shell, path, component: () => <Gate allow={allow} page={page} /> });

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox' });
  },
});

const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  component: pageOf('inbox/inbox-page'),
  validateSearch: (search: Search): { view?: string; c?: string; q?: string } => ({
    view: text(search['view']),
    c: text(search['c']),
    q: text(search['q']),
  }),
});

const routeTree = root.addChildren([
  login,
  shell.addChildren([
    home,
    inbox,
    screen('/wall', pageOf('wall/wall-page'), 'supervisor'),
    screen('/tickets', pageOf('tickets/tickets-page')),
    screen('/tickets/$ticketId', pageOf('tickets/ticket-page')),
    screen('/customers', pageOf('customers/customers-page')),
    screen('/customers/$contactId', pageOf('customers/customer-page')),
    screen('/knowledge', pageOf('knowledge/knowledge-page')),
    screen('/knowledge/$articleId', pageOf('knowledge/article-page')),
    screen('/flows', pageOf('flows/flows-page')),
    screen('/channels', pageOf('channels/channels-page')),
    screen('/dead-letters', pageOf('dead-letters/dead-letters-page'), 'supervisor'),
    screen('/team', pageOf('team/team-page')),
  ]),
]);

export const router = createRouter({ routeTree, defaultPreload: 'intent', defaultPendingMs: 200 });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
