import type { Config } from '../../platform/config';
import { keptSecret, randomPassword } from '../../platform/config/data-dir';
import type { Agents } from './agents';

export interface Login {
  role: string;
  email: string;
  password: string;
}

/** Puts the configured people in place, or else one admin. Answers with what may be printed at the start. */
export async function seedPeople(
  { team, demo, dataDir }: Pick<Config, 'team' | 'demo' | 'dataDir'>,
  agents: Agents,
): Promise<Login[]> {
  if (team.agents.length > 0) {
    await agents.seed(team.agents, team.teams);
    return demo ? team.agents.map(({ role, email, password }) => ({ role, email, password })) : [];
  }
  const admin = {
    email: 'admin@parley.local',
    role: 'admin' as const,
    password: keptSecret(dataDir, 'admin-password', randomPassword),
  };
  await agents.seed([{ ...admin, name: 'Admin', skills: [], languages: [], capacity: 5 }], team.teams);
  return [admin];
}
