import { parse, serialize } from 'cookie';
import { handlers } from '../../platform/http/api';
import { readCredentials, sessionCookie } from '../../platform/http/credentials';
import { NotFound } from '../../platform/errors';
import { pageOfAll } from '../../platform/mongo/paging';
import type { Agents } from './agents';
import { sessionMs, type Sessions } from './sessions';

const deviceCookie = 'parley_device';
const deviceMs = 180 * 24 * 3_600_000;

interface Parts {
  agents: Agents;
  sessions: Sessions;
  publicUrl: string;
}

export const agentHandlers = ({ agents, sessions, publicUrl }: Parts) => {
  const cookie = (name: string, value: string, maxAgeMs: number) =>
    serialize(name, value, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure: publicUrl.startsWith('https:'),
      maxAge: Math.floor(maxAgeMs / 1_000),
    });
  const sessionOf = (token: string, maxAgeMs: number) => cookie(sessionCookie, token, maxAgeMs);
  return handlers({
    async signIn({ body, address, http }) {
      const { email, password } = body();
      const from = { address, device: parse(http.request.headers.cookie ?? '')[deviceCookie] ?? null };
      const { token, agent, device } = await sessions.signIn(email, password, from);
      const cookies = [sessionOf(token, sessionMs), cookie(deviceCookie, device, deviceMs)];
      http.response.setHeader('Set-Cookie', cookies);
      return { token, agent: await agents.view(agent) };
    },
    async whoAmI({ session, http }) {
      const agent = await agents.byId(session.viewer.agentId);
      if (!agent) throw new NotFound('No such agent.');
      // The session slides: its cookie must not end before it.
      const used = readCredentials(http.request);
      if (used?.from === 'cookie') http.response.setHeader('Set-Cookie', sessionOf(used.token, sessionMs));
      return { agent: await agents.view(agent) };
    },
    async signOut({ session, http }) {
      await sessions.signOut(session);
      http.response.setHeader('Set-Cookie', sessionOf('', 0));
    },
    async changePassword({ session, body }) {
      const { current, next } = body();
      await sessions.changePassword(session, current, next);
    },
    changeStatus: async ({ session, body }) => agents.changeStatus(session.viewer.agentId, body().status),
    listAgents: async ({ query }) => pageOfAll(await agents.list(), query()),
    createAgent: async ({ body }) => agents.create(body()),
    changeAgent: async ({ params, body }) => {
      if (!(await agents.byId(params.id))) throw new NotFound(`No agent ${params.id}.`);
      return agents.change(params.id, body());
    },
    listTeams: async ({ query }) => pageOfAll(await agents.teams(), query()),
    createTeam: async ({ body }) => agents.createTeam(body()),
    changeTeam: async ({ params, body }) => {
      await agents.findTeam(params.id);
      return agents.changeTeam(params.id, body());
    },
  });
};
