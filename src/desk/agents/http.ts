import { serialize } from 'cookie';
import { handlers } from '../../platform/http/api';
import { sessionCookie } from '../../platform/http/credentials';
import { NotFound } from '../../platform/errors';
import type { Agents } from './agents';
import { sessionMs, type Sessions } from './sessions';

interface Parts {
  agents: Agents;
  sessions: Sessions;
  publicUrl: string;
}

export const agentHandlers = ({ agents, sessions, publicUrl }: Parts) => {
  const cookie = (token: string, maxAgeMs: number) =>
    serialize(sessionCookie, token, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure: publicUrl.startsWith('https:'),
      maxAge: Math.floor(maxAgeMs / 1_000),
    });
  return handlers({
    async signIn({ body, ip, http }) {
      const { email, password } = body();
      const { token, agent } = await sessions.signIn(email, password, ip);
      http.response.setHeader('Set-Cookie', cookie(token, sessionMs));
      return { token, agent: await agents.view(agent) };
    },
    async whoAmI({ session }) {
      const agent = await agents.byId(session.viewer.agentId);
      if (!agent) throw new NotFound('No such agent.');
      return { agent: await agents.view(agent) };
    },
    async signOut({ session, http }) {
      await sessions.signOut(session);
      http.response.setHeader('Set-Cookie', cookie('', 0));
    },
    async changePassword({ session, body }) {
      const { current, next } = body();
      await sessions.changePassword(session, current, next);
    },
    changeStatus: async ({ session, body }) => agents.changeStatus(session.viewer.agentId, body().status),
    listAgents: async ({ query }) => {
      query();
      return { items: await agents.list(), nextCursor: null };
    },
    createAgent: async ({ body }) => agents.create(body()),
    changeAgent: async ({ params, body }) => {
      if (!(await agents.byId(params.id))) throw new NotFound(`No agent ${params.id}.`);
      return agents.change(params.id, body());
    },
    listTeams: async ({ query }) => {
      query();
      return { items: await agents.teams(), nextCursor: null };
    },
    createTeam: async ({ body }) => agents.createTeam(body()),
    changeTeam: async ({ params, body }) => agents.changeTeam(params.id, body()),
  });
};
