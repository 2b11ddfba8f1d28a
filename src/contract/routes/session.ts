import * as agents from '../agents';
import { route } from './route';

export const sessionRoutes = {
  signIn: route({
    method: 'post',
    path: '/session',
    summary: 'Sign in',
    allow: 'public',
    body: agents.signIn,
    status: 201,
    answer: agents.signedIn,
  }),
  whoAmI: route({
    method: 'get',
    path: '/session',
    summary: 'Who am I',
    allow: 'agent',
    status: 200,
    answer: agents.session,
  }),
  signOut: route({ method: 'delete', path: '/session', summary: 'Sign out', allow: 'agent', status: 204 }),
  changePassword: route({
    method: 'put',
    path: '/agents/me/password',
    summary: 'Change my password; all other sessions end',
    allow: 'agent',
    body: agents.changePassword,
    status: 204,
  }),
  changeStatus: route({
    method: 'put',
    path: '/agents/me/status',
    summary: 'Change my status',
    allow: 'agent',
    body: agents.changeStatus,
    status: 200,
    answer: agents.agentView,
  }),
};
